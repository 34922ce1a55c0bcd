printf 'a:b\n' >f
cut -d: -f1,5,7 f
cut -d: -f3 f
cut -d: -f2,5 f
cut -d: -f1,3- f
cut -d: -O= -f1,4 f
cut -D -d: -f1,4 f
cut -d: -f3,5 f
cut -F 1,4 f
printf '1\na\n2\na\n' | grep -n -m1 -A2 a
printf 'a\nb\n' | grep -m1 -C1 .
printf 'abcdefgh' >g
xxd -s 8 g
xxd -s 9 g
hexdump -C -x g
hexdump -x -C g
