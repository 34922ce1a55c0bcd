sh -c 'echo a &; echo b'; echo $?; sh -c '(sleep 0.1; echo a) & echo b; wait'
