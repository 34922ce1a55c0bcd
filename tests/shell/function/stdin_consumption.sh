f() { read a; echo "f:$a"; }; printf '1\n2\n3\n' | { f; f; read z; echo "z:$z"; }
