truncate -s 10 f
stat -c %s f
truncate -s 1k f
stat -c %s f
truncate -c -s 5 nofile
ls
truncate f
echo $?
truncate -s x f
echo $?
truncate -s 0 f g
ls
truncate -s +5 f
echo $?
truncate
echo $?
truncate -s 1 /nodir/x
echo $?
