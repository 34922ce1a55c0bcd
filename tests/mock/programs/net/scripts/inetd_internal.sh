cd /tmp
mkdir -p /var/run
cat >/etc/services <<'X'
echo 7/tcp
echo 7/udp
discard 9/tcp sink null
discard 9/udp
daytime 13/tcp
daytime 13/udp
chargen 19/tcp
chargen 19/udp
time 37/tcp
time 37/udp
web 8080/tcp www
X
{ for s in echo discard daytime chargen time; do echo "$s stream tcp nowait root internal"; echo "$s dgram udp wait root internal"; done
echo 'web stream tcp nowait root internal'
echo 'www stream tcp nowait root echo'
echo 'echo stream tcp wait root internal'
echo 'echo dgram udp nowait root internal'; echo 'bogus stream tcp nowait root internal'; echo 'discard stream tcp6 nowait root internal'; } >/etc/inetd.conf
inetd -e 2>log; echo "started $?"; usleep 300000
inetd -fe 2>log & usleep 300000
sort log
kill $!; wait; echo 'echo stream tcp nowait root internal' >c2
ps -o comm,args | grep -c '[i]netd'
ask() { timeout 1 nc -w 1 127.0.0.1 $1 2>/dev/null; }
uask() { { timeout 2 nc -u -w 1 127.0.0.1 $1; } 2>/dev/null; }
when() { date -d "$(cut -c5-19) 2026" +%s >/dev/null 2>&1 && echo a date; }
(echo hello; sleep 0.2; echo again) | ask 7; echo
echo gone | ask 9; echo "discarded $?"
ask 13 </dev/null | tr -d '\n' | wc -c
ask 13 </dev/null | when
ask 19 </dev/null | head -n 100 | md5sum
ask 19 </dev/null | head -n 2
S=$(ask 37 </dev/null | od -An -tu1 | awk '{printf "%d", (($1*256+$2)*256+$3)*256+$4 - 2208988800}'); test $((S - $(date +%s)))  -lt 3 && echo the time
echo udp | uask 7
echo udp | uask 9
echo | uask 13 | tr -d '\n' | wc -c
for i in 1 2 3; do echo | uask 19; done
echo | uask 37 | wc -c
i=0; while [ $i -lt 9 ]; do printf "%s " $i | ask 7; i=$((i+1)); done; echo
killall inetd; usleep 200000; echo x | ask 7; echo $?
inetd -f -R 3 -e c2 2>log & usleep 200000; i=0; while [ $i -lt 5 ]; do printf "%s " $i | ask 7 2>/dev/null || echo no; i=$((i+1)); done; cat log
sleep 61; echo back | ask 7; kill $!; wait
: >log; (timeout 3 syslogd -n -L -R 127.0.0.1 -O syslog & usleep 200000; inetd -f c2 & I=$!; inetd c2; usleep 300000; kill $I; usleep 100000; killall inetd)
grep -o 'daemon.err inetd.*' syslog | sed 's/\[[0-9]*\]/[PID]/'
