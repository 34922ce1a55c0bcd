mkdir -p a/b
touch a/b/c a/d
ln -s d a/l
tree a
tree -x
echo $?
tree nodir
echo $?
tree a/b a/d
envdir nodir true
echo $?
mkdir e
echo 1 >e/X
printf 'a\nb' >e/Y
: >e/HOME
printf 'tr  \t\n' >e/T
envdir e sh -c 'echo "$X|$Y|${HOME-unset}|$T|"'
envdir e
echo $?
envdir e nocmd
echo $?
envuidgid root sh -c 'echo $UID $GID'
envuidgid nouser true
echo $?
setuidgid daemon id
setuidgid nouser true
echo $?
setuidgid root
echo $?
printf 'x\ny\n' | ts '%Y' | cut -c5-
printf 'x\n' | ts -s
printf 'x\n' | ts -i
echo z | ts -i %S
ts -q </dev/null
echo $?
printf 'a b\n' | ts ''
ts a b
echo $?
