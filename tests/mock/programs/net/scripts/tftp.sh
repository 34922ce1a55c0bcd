cd /tmp
mkdir -p srv/sub; printf 'hello\n' >srv/a; : >srv/empty; head -c 512 /dev/zero | tr '\0' x >srv/full; head -c 70000 /dev/zero | tr '\0' y >srv/big
udpsvd -E 127.0.0.1 6901 tftpd srv &
udpsvd -E 127.0.0.1 6902 tftpd -c srv &
udpsvd -E 127.0.0.1 6903 tftpd -r srv &
usleep 300000
t() { echo "--- $*"; timeout 3 tftp "$@"; echo "= $?"; }
t -g -r a 127.0.0.1 6901; cat a
t -g -l here -r a 127.0.0.1 6901; cat here
t -g -r empty 127.0.0.1 6901; wc -c <empty
t -g -r full 127.0.0.1 6901; cmp full srv/full
t -g -r big 127.0.0.1 6901; cmp big srv/big
t -g -b 1400 -r big -l big2 127.0.0.1 6901; cmp big2 srv/big
t -g -b 100 -r full -l full2 127.0.0.1 6901; cmp full2 srv/full
t -g -b 7 -r full 127.0.0.1 6901
t -g -b 65465 -r full 127.0.0.1 6901
t -g -b 65464 -r big -l big3 127.0.0.1 6901; cmp big3 srv/big
t -g -r nope 127.0.0.1 6901; ls nope
t -g -r ../etc/passwd 127.0.0.1 6901
t -g -r sub 127.0.0.1 6901
t -g -r a -l - 127.0.0.1 6901
t -g -r sub/x/y -l out 127.0.0.1 6901
echo new >n
t -p -l n 127.0.0.1 6901; ls srv
t -p -l n 127.0.0.1 6902; cat srv/n
t -p -l n -r a 127.0.0.1 6901; cat srv/a
t -p -l n -r m 127.0.0.1 6903
t -p -l big -r b2 127.0.0.1 6902; cmp srv/b2 srv/big
t -p -b 1000 -l big -r b3 127.0.0.1 6902; cmp srv/b3 srv/big
t -p -l missing 127.0.0.1 6902
echo stdin | t -p -l - -r s 127.0.0.1 6902; cat srv/s
t -g 127.0.0.1
t -g -p -r a 127.0.0.1 6901
t -r a 127.0.0.1 6901
t -p -r a 127.0.0.1 6901
t -g -r a 127.0.0.1 bad
t -g -r a
t -z
t -g -r nodir/a -l nodir/a 127.0.0.1 6901
t -g -b 65565 -r full 127.0.0.1 6901
S=$(awk '{print int($1)}' /proc/uptime); tftp -g -r a 127.0.0.1 6999; echo "= $? after $(($(awk '{print int($1)}' /proc/uptime) - S > 10))"
echo x | tftpd; echo $?
tftpd -q; echo $?
udpsvd -E 127.0.0.1 6904 tftpd -u nosuch srv & usleep 100000; timeout 1 tftp -g -r a 127.0.0.1 6904; echo $?
udpsvd -E 127.0.0.1 6905 tftpd nodir & usleep 100000; timeout 1 tftp -g -r a 127.0.0.1 6905; echo $?
killall udpsvd
