trap 'echo sig' USR1; (sleep 0.3; kill -USR1 $$) & { sleep 1; echo line; } | { read x; echo "got $x"; }; wait
