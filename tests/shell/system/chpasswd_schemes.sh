mkdir -p r/etc; cp /etc/passwd /etc/shadow /etc/group r/etc; echo 'daemon:x' | chpasswd -R r -c md5; echo $?; grep daemon r/etc/shadow | cut -c1-10; grep -c 'daemon:[$]' /etc/shadow
echo 'daemon:$1$abc' | chpasswd -e; grep daemon /etc/shadow | cut -d: -f2; echo 'daemon:x' | chpasswd -m; grep daemon /etc/shadow | cut -c1-10; echo 'nobodyx:x' | chpasswd; echo $?
echo 'daemon:x' | chpasswd -c sha512; grep daemon /etc/shadow | cut -c1-10; echo 'daemon' | chpasswd; echo $?; echo 'daemon:x' | chpasswd -R /nodir; echo $?
echo secret | cryptpw -P 0 -m md5 -S abcdefgh; exec 3<<X
other
X
cryptpw -P 3 -m sha256 -S saltsalt; cryptpw -P 9 -m md5 -S a; echo $?; cryptpw -P x; echo $?
