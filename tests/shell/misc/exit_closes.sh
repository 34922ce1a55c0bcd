sh -c 'echo a; exec 1>&-; echo b'; echo $?
