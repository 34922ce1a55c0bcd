sh -c 'for 1x in a; do echo; done'; echo $?; sh -c 'for a-b in c; do :; done'; echo $?
