f() { echo before; exit 6; }; f; echo no
