seq 20 >f
head f | wc -l
head -n 3 f
head -c 5 f
head -3 f
head -q -n1 f f
head -v -n1 f
head -n1 f f
head -n -18 f
head -c -45 f
head -n 1k f | wc -l
head -n x f
echo $?
head nofile f -n1
echo $?
head -c 1b f | wc -c
