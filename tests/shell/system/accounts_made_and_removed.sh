mkdir -p /home /etc/skel
adduser -D bob
echo $?
tail -n1 /etc/passwd /etc/group
tail -n1 /etc/shadow | cut -d: -f1,2,4-
ls -ld /home/bob | cut -c1-10
adduser -D bob
echo $?
adduser -S -D -H sys1
grep sys1 /etc/passwd /etc/group
adduser -u 2000 -h /tmp/alice -g 'Alice A' -s /bin/ash -G users -D alice
grep alice /etc/passwd /etc/group
ls -d /tmp/alice
adduser alice daemon
grep ^daemon /etc/group
adduser nouser daemon
echo $?
adduser alice nogroup
echo $?
adduser
echo $?
addgroup g1
grep g1 /etc/group
addgroup -g 5000 g2
grep g2 /etc/group
addgroup -S g3
grep g3 /etc/group
addgroup g1
echo $?
addgroup -g 5000 g4
echo $?
addgroup bob g1
grep g1 /etc/group
addgroup bob g1
echo $?
addgroup bob nog
echo $?
addgroup nou g1
echo $?
delgroup bob g1
grep ^g1 /etc/group
delgroup g2
grep g2 /etc/group
delgroup nog
echo $?
deluser bob
grep bob /etc/passwd /etc/group /etc/shadow
ls -d /home/bob
deluser nou
echo $?
deluser --remove-home alice
ls -d /tmp/alice
delgroup bob nog
echo $?
deluser
echo $?
deluser sys1 daemon
echo $?
addgroup
echo $?
adduser -D 'Bad Name'
echo $?
adduser -D -G nogrp carl
echo $?
adduser -D -k /nodir dan
grep dan /etc/passwd
adduser -D -u 2000 x1
adduser -u 2000 -D x2
echo $?
addgroup -g x y
echo $?
delgroup users
echo $?
delgroup dan
echo $?
rm -rf /etc/skel /home/*
