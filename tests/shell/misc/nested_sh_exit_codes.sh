sh -c 'sh -c "exit 3"; echo $?; exit 4'; echo $?; sh -c 'false'; echo $?; sh -c 'nosuch'; echo $?
