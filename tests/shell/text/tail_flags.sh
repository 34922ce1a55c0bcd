seq 20 >f
tail -n 3 f
tail -n +18 f
tail -3 f
tail +19 f
tail -c 5 f
tail -c +48 f
tail -q -n1 f f
tail -v -n1 f
tail -n1 f f
tail -n x f
echo $?
tail nofile
echo $?
tail -n 0 f
tail -c 0 f
seq 5 | tail -n 2
tail -2 f f
tail -s x f
echo $?
