f() { echo f; }; export -f f 2>/dev/null; sh -c f; echo $?
