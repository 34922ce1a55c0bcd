touch a b
rm a
ls
rm nofile
echo $?
rm -f nofile
echo $?
mkdir -p d/e
touch d/e/f
rm d
echo $?
rm -r d
ls
mkdir d
touch d/x
rm -rf d
rm -i b </dev/null
echo
ls
echo y | rm -i b
ls
rm
echo $?
rm -f
echo $?
mkdir q
rm -d q
echo $?
rm -v x
echo $?
touch z
rm -R z
rm -r .
echo $?
rm -r ..
echo $?
rm -rf /nodir/x
touch w
chmod 0 w
rm w </dev/null
ls
unlink w
echo $?
touch u
unlink u
unlink
echo $?
mkdir uu
unlink uu
echo $?
touch -- -x
rm -x
echo $?
rm -- -x
ls
