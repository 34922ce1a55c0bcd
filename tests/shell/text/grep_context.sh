printf 'a\nb\nc\nd\ne\nf\ng\n' >f
grep -n -A1 -e b -e f f
grep -C 1 -n d f
grep -c . f f
grep -lv a f
grep -h -n a f f
grep -o . f | head -n2
grep -ow a f
grep '' f | head -n1
grep -x '' f
echo $?
grep -A x a f
echo $?
grep -l x f
echo $?
grep -qs a nofile f
echo $?
printf 'ab\n' | grep -o 'x*'
printf 'aXbX\n' | grep -io x
echo 'a+b' | grep 'a+b'
echo 'aab' | grep 'a\+b'
echo ab | grep 'a\|c'
echo abab | grep -E '(ab)\1'
echo 'a b' | grep '\bb'
echo a_b | grep -w a
echo foo | grep '[[:alpha:]]\{3\}'
echo foo | grep -F -x foo
printf 'x\ny\n' | grep -F 'x
y'
grep -3 d f
echo $?
grep -ho . f f | wc -l
