# The status that an ERR trap was run for stays behind: a later bare `exit`, and the end of a later trap, go by it.
try() { sh -c "$1"; echo "status $?"; }
try "trap ':' ERR; (exit 4); true; exit"
try "trap ':' ERR; (exit 4); true"
try "trap ':' ERR; (exit 4); (exit 0); trap 'echo \$?' USR1; kill -USR1 \$\$; echo \$?"
try "trap ':' ERR; (exit 4); true; (exit); echo \$?"
try "trap 'exit' ERR; trap 'echo e \$?; (exit 5); echo f' EXIT; (exit 4); echo no"
try "trap 'false; echo \$?; false' EXIT; trap '(exit 5)' ERR; exit 7"
try "trap '(exit 9)' EXIT; trap 'true' ERR; (exit 4); exit"
