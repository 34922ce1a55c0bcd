mkdir -p a/b
touch a/f
ln -s a/f l
ln -s l ll
ln -s nothing n
readlink l
readlink ll
readlink -f ll
readlink -f n
echo $?
readlink -f a/nodir/x
echo $?
readlink -n l
echo
readlink f
echo $?
readlink -v a/f
echo $?
readlink -e n
echo $?
readlink -m x/y
echo $?
readlink
echo $?
readlink l ll
echo $?
realpath l
realpath a/../a/./b
realpath nodir/x
echo $?
realpath nofile
echo $?
realpath n
echo $?
realpath
echo $?
realpath a l
realpath -s l
echo $?
readlink -f /
readlink -f .
cd a
readlink -f ..
