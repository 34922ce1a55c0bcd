printf 'abc\n' >f
printf 'abd\n' >g
cmp f g
echo $?
cmp -s f g
echo $?
cmp -l f g
echo $?
cmp f f
echo $?
cmp f nofile
echo $?
printf 'ab' >h
cmp f h
echo $?
cmp -n 2 f g
echo $?
cmp f g 1 1
echo $?
cmp -l f h
echo $?
cmp -ls f g
echo $?
cmp - g <f
cmp f
echo $?
cmp f g 2
echo $?
cmp -s f nofile
echo $?
