sh -c 'if true; then fi'; echo $?; sh -c 'for i in a; do done'; echo $?; sh -c 'f() { }'; echo $?
