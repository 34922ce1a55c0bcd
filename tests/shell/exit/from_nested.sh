f() { g; echo no; }; g() { (exit 2); exit $?; }; f; echo no
