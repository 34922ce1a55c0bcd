sh -c 'a=(1 2)'; echo $?
