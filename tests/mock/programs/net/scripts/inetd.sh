cd /tmp
mkdir -p /var/run
cat >conf <<'X'
# a comment
7000	stream	tcp	nowait	root	internal	x
7001 stream tcp nowait root /bin/cat cat -
7002 stream tcp nowait root /bin/sh sh -c echo\ out # one word more
7003 dgram udp wait root /bin/sh sh /tmp/dgram
7004 dgram udp nowait root /bin/sh sh /tmp/dgram
7005 stream tcp wait root /bin/sh sh /tmp/wait
7006 stream tcp nowait nobody:nogroup /bin/id
7007 stream tcp nowait daemon id id -u
7008 stream tcp nowait nosuch id
7009 stream tcp nowait root:nosuch id
7010 stream tcp nowait root /no/such
7011 stream tcp nowait.2 root echo echo often
127.0.0.1,10.244.0.5:7012 stream tcp nowait root echo echo two hosts
localhost:
7013 stream tcp nowait root echo echo default host
*:7014 stream tcp6 nowait root echo echo six
/tmp/sock stream unix nowait root echo echo unix
nosuchhost:7015 stream tcp nowait root echo
nosuchname stream tcp nowait root echo
7016 stream tcp
7017 stream sctp nowait root echo
7018 stream udp nowait root echo
7019 dgram tcp wait root echo
7020 stream tcp maybe root echo
7021 stream tcp nowait.x root echo
7022 stream rpc/tcp nowait root echo
7023 other tcp nowait root echo
7024 raw tcp nowait root echo
7025 seqpacket tcp nowait root echo
8.8.8.8:7026 stream tcp nowait root echo
7027 stream tcp nowait root echo echo continued \
  on another line
X
cat >dgram <<'X'
dd bs=100 count=1 2>/dev/null | sed 's/^/got /' >>/tmp/dgrams
X
cat >wait <<'X'
echo "waited" >>/tmp/waited
exec sleep 100
X
echo 'nobody:x:65534:65534:nobody:/home:/bin/false
daemon:x:1:1:daemon:/usr/sbin:/bin/false' >>/etc/passwd
echo 'nogroup:x:65533:' >>/etc/group
ask() { echo "--- $*"; timeout 2 nc -w 1 127.0.0.1 $1 </dev/null 2>/dev/null; }
inetd -fe conf 2>>log & 
usleep 500000
cat log; : >log
test "$(cat /var/run/inetd.pid)" = $! && echo pid
ask 7000
echo one | timeout 1 nc 127.0.0.1 7001
ask 7002
for p in 7003 7004; do for i in 1 2; do echo "$p $i" | timeout 1 nc -u -w 1 127.0.0.1 $p; done; done; sort dgrams
cat log; : >log
ask 7005; ask 7005; cat waited; killall sleep; usleep 300000; cat waited; cat log; : >log
ask 7006; ask 7007; ask 7008; ask 7009; cat log; : >log
ask 7010; ask 7011; ask 7011; ask 7011; cat log
ask 7012; timeout 2 nc 10.244.0.5 7012 </dev/null; timeout 2 nc 10.244.0.5 7013 </dev/null 2>/dev/null || echo refused; ask 7013; ask 7014
timeout 2 nc ::1 7014 </dev/null
ls -l sock | cut -c1-10
ask 7027
: >log
cat >conf <<'X'
7001 stream tcp nowait root echo echo changed
7003 dgram udp wait root internal
7030 stream tcp nowait root echo echo new
X
kill -HUP $!; usleep 300000; ask 7001; ask 7002; ask 7030; ls sock; cat log
rm conf; kill -HUP $!; usleep 300000; ask 7001; cat log
kill $!; wait $!; echo $?; ls /var/run
inetd -fe conf & usleep 200000; kill -INT $!; wait $!; echo $?
inetd -z; echo $?
inetd -R x; echo $?
inetd -q; echo $?
timeout 1 inetd -fe; echo $?
