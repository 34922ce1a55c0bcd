sh -c 'kill -9 $$' | cat; echo $?; cat /dev/null | sh -c 'kill -TERM $$'; echo $?
