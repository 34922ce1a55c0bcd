f() { while read x; do echo "<$x>"; done; }; printf 'a\nb\n' | f; f <<E
c
E
