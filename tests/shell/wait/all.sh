(sleep 1; echo a) & (sleep 2; echo b) & wait; echo $?
