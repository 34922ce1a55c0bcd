mkfifo p; trap 'echo T' USR1; (exec 3>p; sleep 0.2; kill -USR1 $$; sleep 0.3; echo late >&3) & read x <p; echo "$? [$x]"; wait
