cd /tmp
echo '37 stream tcp nowait root internal' | sed 's/^37/time/' >conf; echo 'time 37/tcp' >/etc/services
inetd -fe conf & 
now() { awk -v s=$1 'BEGIN { s += 2208988800; printf "%c%c%c%c", int(s/16777216)%256, int(s/65536)%256, int(s/256)%256, s%256 }'; }
printf '\352\300\165\200' >t1; printf '\000\000\000\001' >t2; printf '\203\252\176\200' >t3; printf 'abc' >t4
for i in 1 2 3 4; do tcpsvd 127.0.0.1 380$i cat t$i & done
tcpsvd 127.0.0.1 3805 sleep 30 &
usleep 300000
t() { echo "--- $*"; rdate "$@"; echo "= $?"; }
rdate -p 127.0.0.1 | wc -c
rdate -p localhost:37 >/dev/null; echo $?
for i in 1 2 3; do TZ=UTC0 t -p 127.0.0.1:380$i; TZ=EST5EDT t -p 127.0.0.1:380$i; done
t 127.0.0.1:3801
t -s 127.0.0.1:3801
t -sp 127.0.0.1:3801
t -p 127.0.0.1:3804
T=$(awk '{print int($1)}' /proc/uptime); t -p 127.0.0.1:3805; T=$(($(awk '{print int($1)}' /proc/uptime) - T)); test $T -ge 9 -a $T -lt 13 && echo in time
t -p 127.0.0.1:9
t -p nosuch.invalid
t
t -q x
killall tcpsvd inetd
