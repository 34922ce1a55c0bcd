touch -t 202001020304.05 f
stat -c %y f
touch -d '2019-01-01 00:00:00' f
stat -c %y f
touch -r f g
stat -c %y g
touch -c nofile
ls nofile
touch -a -t 201801010000 f
stat -c '%x %y' f
touch -m -t 201701010000 f
stat -c '%x %y' f
ln -s f l
touch -h -t 201601010000 l
stat -c %y l
touch -d '@86400' f
stat -c %y f
touch -d 12:34 f
stat -c %y f | cut -c12-16
touch -d bad f
echo $?
touch /nodir/f
echo $?
touch
echo $?
touch --no-create q
touch -f f
touch -d '2020-01-02 03:04:05' f
stat -c %Y f
touch --reference f h
stat -c %Y h
touch -r nofile x
echo $?
touch -t 13010101 f
echo $?
