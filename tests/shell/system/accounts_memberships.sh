adduser -D a
addgroup a wheel
grep ^wheel /etc/group
addgroup a wheel
grep ^wheel /etc/group
delgroup a wheel
echo $?
grep ^wheel /etc/group
delgroup a wheel
echo $?
delgroup q wheel
echo $?
addgroup a adm
deluser a
echo $?
grep adm /etc/group
passwd -S root
echo $?
grep ^root /etc/shadow
su daemon -s /bin/sh -c 'passwd root'
echo $?
passwd -a des -d nobody
grep ^nobody /etc/shadow | cut -d: -f1,2
chpasswd <<X
nobody:q
daemon:r
X
echo $?
cut -c1-7 /etc/shadow | head -n 2
cryptpw -m des hello ab
rm -rf /home/*
