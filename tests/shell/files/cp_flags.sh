mkdir d
echo 1 >a
cp a b
cat b
cp a d
ls d
cp nofile x
echo $?
cp d e
echo $?
cp -r d e
ls e
ln -s a l
cp l c
test -L c || echo file
cp -P l c2
test -L c2 && echo link
cp -d l c3
test -L c3 && echo link
cp -a d f
ls f
touch -d '2020-01-01 00:00:00' a
cp -p a p
stat -c %y p
cp -v a q
cp -i a q </dev/null
cat q
cp -n a q
echo $?
cp -u a q
cp -f a q
cp -l a hard
stat -c %h a
cp -s a soft
readlink soft
cp -T a d
echo $?
cp a q nodir
echo $?
cp a
echo $?
cp -t d q
ls d
cp a a
echo $?
cp -r d g
ls g
cp -L l ll
test -L ll || echo file
cp -rH l hh
cp --parents a d
ls d
cp -x a xx
cp --remove-destination a q
cp -rL d zz
cp d/a d
echo $?
cp -c a y
echo $?
cp -R d/. n
ls n
cp -b a q
echo $?
