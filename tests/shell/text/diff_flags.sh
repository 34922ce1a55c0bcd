printf 'a\nb\nc\n' >f
printf 'a\nx\nc\nd\n' >g
touch -d 2020-01-01 f g
diff f g | tail -n +3
diff -u f g | tail -n +3
diff -q f g
echo $?
diff -s f f
diff f f
echo $?
diff -U 0 f g | tail -n +3
diff -U1 f g | tail -n +3
printf 'A\n' >h
printf 'a \n' >i
diff -i h f -L x -L y
diff -b i h | tail -n +3
diff -w i h | tail -n1
diff -B f g | tail -n +3
mkdir d e
echo 1 >d/a
echo 2 >e/a
touch d/only e/other
diff -r d e | grep -v '^[-+][-+]'
diff -rq d e
diff -rN d e | grep -v '^[-+][-+]'
diff d e | grep -v '^[-+][-+]'
diff f nofile
echo $?
diff f
echo $?
diff -a f g | wc -l
diff -t f g | tail -n +3
diff -T f g | tail -n +3
diff -d f g | wc -l
diff -S a d e | wc -l
diff - g <f | tail -n +3
diff d/a e
diff -x
echo $?
printf 'a' >j
diff f j | tail -n +3
diff -qs f f
diff -p f g
echo $?
diff -n f g
echo $?
diff -E f g | wc -l
diff -y f g
echo $?
printf '\0' >k
diff f k
echo $?
