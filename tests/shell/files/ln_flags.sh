touch a b
mkdir d
ln -s a l
readlink l
ln -s a l
echo $?
ln -sf b l
readlink l
ln -sv a v
ln a h
stat -c %h a
ln -s ../a d/
readlink d/a
ln -sn b l
echo $?
ln -sfn b d
ls d | cat
ln nofile x
echo $?
ln -b -s a l
ls
ln -S .o -b -s -f b l
ls
ln -T a d
echo $?
ln a b d
ls d
ln
echo $?
ln -sT a t
readlink t
ln d dd
echo $?
ln -f a b
ln a
echo $?
cd d
ln -s ../x
readlink x
ln -t . ../b
echo $?
ln -sfvb q x
