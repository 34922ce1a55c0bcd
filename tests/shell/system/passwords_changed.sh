adduser -D -H eve
echo 'eve:secret' | chpasswd
echo $?
grep eve /etc/shadow | cut -d: -f2 | wc -c
echo 'eve:abc' | chpasswd -m
grep eve /etc/shadow | cut -c1-7
echo 'eve:x' | chpasswd -c sha512
grep eve /etc/shadow | cut -c1-7
echo 'eve:$1$ab$xyz' | chpasswd -e
grep eve /etc/shadow | cut -d: -f2
echo 'nou:x' | chpasswd
echo $?
echo 'noline' | chpasswd
echo $?
chpasswd </dev/null
echo $?
chpasswd -z
echo $?
passwd -l eve
grep eve /etc/shadow | cut -d: -f2
passwd -l eve
passwd -u eve
grep eve /etc/shadow | cut -d: -f2
passwd -u eve
echo $?
passwd -d eve
grep eve /etc/shadow | cut -d: -f2
passwd nou
echo $?
printf 'pw1pw1pw\npw1pw1pw\n' | passwd eve
echo $?
grep eve /etc/shadow | cut -c1-4
printf 'a\nb\n' | passwd eve
echo $?
printf 'Xyzzy1abc\nXyzzy1abc\n' | passwd -a md5 eve
echo $?
passwd a b
echo $?
printf 'Secret99\nSecret99\n' | adduser -H fred
echo $?
grep fred /etc/shadow | cut -d: -f2 | wc -c
echo 'eve:y' | chpasswd -c bad
echo $?
deluser eve
deluser fred
