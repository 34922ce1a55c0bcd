printf 'x' >f
chmod 640 f
touch -d '2020-03-04 05:06:07' f
stat f | grep -v -e Inode -e Change
stat -c '%a %A %b %B %f %F %g %G %h %n %N %o %s %t %T %u %U %x %X %y %Y' f
stat -t f | cut -d' ' -f1-3
ln -s f l
stat -c %N l
stat -L -c %N l
stat -c %F l . /dev/null
stat -f -c '%l %s %S' . | wc -w
stat nofile
echo $?
stat
echo $?
stat -c '%%x\n' f
stat -c '%d %D %i' f | wc -w
stat -c '%w %W' f
stat -c %5s f
stat -c '%-5s|' f
stat -c %m f
stat -c %q f
