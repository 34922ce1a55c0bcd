sh -c 'echo $0 $1 $2' name a b; sh -c 'echo $0'; sh -c 'exit 3'; echo $?; sh -c ''; echo $?; sh -c; echo $?
