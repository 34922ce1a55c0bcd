gen() { echo 1; echo 2; }; gen | while read n; do echo "n$n"; done; gen | { read a; read b; echo $a$b; }
