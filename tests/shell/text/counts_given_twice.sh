printf '1\n2\n3\n4\n' >f
tail -v -n 1 - <f
tail -q -v -n1 f
tail -c +2 -n 3 f
tail -n +2 -c 3 f
tail -c 2 -n 4 f
head -v -q -n 1 f
head -q -v -n 1 f
head -v -n1 - <f
head -c -1 -n 3 f
head -n 3 -c -1 f
printf '1\nx\n3\n5\n' >g
cmp -n 7 f g
cmp -n 2 f g
