f() { echo a; }; (f() { echo b; }; f); f
