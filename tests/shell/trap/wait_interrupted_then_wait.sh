trap 'echo sig' USR1; sleep 1 & p=$!; (sleep 0.2; kill -USR1 $$) & wait $p; echo $?; wait $p; echo $?
