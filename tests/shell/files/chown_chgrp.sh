touch f
chown 1:2 f
stat -c %u:%g f
chown 5 f
stat -c %u:%g f
chown :7 f
stat -c %u:%g f
chown root f
stat -c %u:%g f
chown root: f
stat -c %u:%g f
chown root.root f
stat -c %u:%g f
chown nouser f
echo $?
chown 1 nofile
echo $?
chown -v 3 f
chown -c 3 f
chown -c 4 f
chown -f 1 nofile
echo $?
ln -s f l
chown -h 9 l
stat -c %u l f
mkdir -p d/e
ln -s ../f d/s
chown -R 6 d
stat -c %u d d/e d/s f
chgrp 3 f
stat -c %g f
chgrp -v 4 f
chgrp nogroup f
echo $?
chgrp
echo $?
chgrp -c 5 f
chgrp -h 6 l
chgrp -R 7 d
stat -c %g d/e l
chgrp -f 7 nofile
echo $?
