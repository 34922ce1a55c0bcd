f() { return x; }; f; echo no
