cd /tmp
cat >conf <<'X'
# names
www.example.test 10.1.2.3	# a comment
Mixed.Case.Test  10.1.2.4
short 10.1.2.5
alone
bad 10.1.2.300
bad6 ::1
hex 0x0a010206
two.numbers 10.5
same 10.1.2.3
X
dnsd -v -c conf -p 5300 2>>log >out & usleep 300000
cat log out; : >log
ask() { echo "--- $*"; nslookup -timeout=1 "$@" 2>&1; }
ask www.example.test 127.0.0.1:5300
cat log; : >log
ask -type=a WWW.example.TEST 127.0.0.1:5300
ask -type=a mixed.case.test 127.0.0.1:5300
ask -type=a short. 127.0.0.1:5300
ask -type=a hex. 127.0.0.1:5300
ask -type=a two.numbers 127.0.0.1:5300
ask -type=a example.test 127.0.0.1:5300
ask 10.1.2.3 127.0.0.1:5300
ask 10.1.2.9 127.0.0.1:5300
: >log
ask -type=mx www.example.test 127.0.0.1:5300
ask -type=a www.example.test 10.244.0.5:5300
cat log; : >log
u() { printf "$1" | { timeout 1 nc -u -w 1 127.0.0.1 5300; } 2>/dev/null | od -An -tx1; }
u short
u '\001\002\001\000\000\000\000\000\000\000\000\000'
u '\001\002\201\000\000\001\000\000\000\000\000\000\005short\000\000\001\000\001'
u '\001\002\001\000\000\001\000\000\000\000\000\000\005short\000\000\001\000'
u '\001\002\001\000\000\001\000\000\000\000\000\000\005short'
u '\001\002\001\000\000\001\000\000\000\000\000\000\005short\000\000\001\000\001'
u '\001\002\021\000\000\002\000\003\000\000\000\001\005short\000\000\001\000\001extra'
u '\001\002\001\000\000\001\000\000\000\000\000\000\005short\000\000\001\000\003'
u '\001\002\001\000\000\001\000\000\000\000\000\000\005short\000\000\001\000\001\000\000\051\020\000'
head -c 600 /dev/zero | { timeout 1 nc -u -w 1 127.0.0.1 5300; } 2>/dev/null | od -An -tx1
cat log; : >log
kill $!
printf '* 10.9.9.9\nshort 10.9.9.8\n' >conf
dnsd -s -v -t 7 -i 127.0.0.1 -c conf -p 5301 2>>log & usleep 300000
cat log; : >log
ask -type=a anything.at.all 127.0.0.1:5301
ask -type=ptr 8.9.9.10.in-addr.arpa 127.0.0.1:5301
ask -type=aaaa anything.test 127.0.0.1:5301
u() { printf "$1" | { timeout 1 nc -u -w 1 127.0.0.1 5301; } 2>/dev/null | od -An -tx1; }
u '\001\002\001\000\000\001\000\000\000\000\000\000\005short\000\000\001\000\001'
cat log
timeout 1 dnsd -i 127.0.0.1 -p 5301 -c conf; echo $?
kill $!
timeout 1 dnsd -c none -p 5302; echo $?
timeout 1 dnsd -i nosuch -c conf; echo $?
timeout 1 dnsd -i 9.9.9.9 -c conf; echo $?
timeout 1 dnsd -t 0; echo $?
timeout 1 dnsd -p 65536; echo $?
timeout 1 dnsd -p x; echo $?
timeout 1 dnsd -z; echo $?
timeout 1 dnsd -i ::1 -c conf -p 5303 & usleep 300000; ask -type=a x.y [::1]:5303; wait
timeout 5 syslogd -n -L -R 127.0.0.1 -O syslog & usleep 200000
echo 'bad line' >>conf; dnsd -d -v -c conf -p 5304; echo $?; usleep 300000; ask -type=a x.y 127.0.0.1:5304; ask -type=mx x.y 127.0.0.1:5304; killall dnsd
grep -o 'daemon[.].* dnsd.*' syslog | sed 's/\[[0-9]*\]/[PID]/'
wait
dnsd extra -c conf -p 5305 & usleep 200000; ask -type=a x.y 127.0.0.1:5305; kill $!
