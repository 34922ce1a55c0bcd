printf 'abc 5\nabd 3\n' | sort -k1.3,1.3r
printf 'abc 5\nabd 3\n' | sort -k 1.2,1.2 -k 2n
printf 'x  b\nx a\n' | sort -k2b
