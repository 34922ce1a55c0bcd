echo 1 >a
echo 2 >b
mkdir d
mv a c
ls
mv nofile x
echo $?
mv c d
ls d
mv -i b d/c </dev/null
echo
cat d/c
mv -n b d/c
ls
mv -f b d/c
cat d/c
touch x
mv -v x y
mv -T y d
echo $?
mv -t d y
ls d
mv d/y d/z
mkdir e
mv d e
ls e
mv e e/d
echo $?
mv
echo $?
mv a
echo $?
touch p q
mv p q e
ls e
mv p q nodir
echo $?
touch o
mv -u o e/p
mv e/p e/p
echo $?
mkdir m
mv m e/q
echo $?
