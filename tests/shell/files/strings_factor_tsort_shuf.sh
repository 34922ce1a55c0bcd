printf 'abc\1\2hello world\0hi there\n' >f
strings f
strings -n 6 f
strings -t d f
strings -t x f
strings -t o f
strings -o f
strings -f f
strings -a f
strings -6 f
echo $?
strings nofile
echo $?
strings -n x f
echo $?
strings <f
strings -t q f
echo $?
factor 12 97 1
factor 0
echo $?
factor x
echo $?
echo 30 7 | factor
factor 18446744073709551615
factor -1
echo $?
factor
printf 'a b\nb c\n' | tsort
printf 'a b\nb a\n' | tsort
echo $?
printf 'a\n' | tsort
echo $?
printf 'a a b b\n' | tsort
tsort nofile
echo $?
printf 'x y z\n' | tsort
shuf -i 1-5 | sort | tr '\n' ' '
shuf -n 2 -i 1-5 | wc -l
shuf -e a b c | sort
seq 3 | shuf | sort
seq 3 | shuf -o out
sort out
printf 'a\0b\0' | shuf -z | wc -c
shuf -i 5-1
echo $?
shuf -i x
echo $?
shuf -n x f
echo $?
shuf nofile
echo $?
