printf 'x a\ny a\nz b\n' | uniq -f1
printf 'xab\nyab\n' | uniq -s1
printf 'abc\nabd\n' | uniq -w2
printf 'a\0a\0b\0' | uniq -z | od -c
printf 'a\na\n' >in
uniq in out
cat out
uniq a b c
