cd /tmp
ask() { { timeout 2 nc -w 1 127.0.0.1 $1; } 2>/dev/null; }
fakeidentd; echo $?; usleep 300000
printf '6191, 23\r\n' | ask 113
printf '6191, 23\n' | ask 113
printf '6191' | ask 113
(printf '61'; usleep 200000; printf '91, 2\nmore') | ask 113
printf '%080d' 7 | ask 113
printf 'nul\000x\n' | ask 113
ask 113 </dev/null
for i in 1 2 3; do (usleep 300000; printf "$i\n") | timeout 2 nc 127.0.0.1 113 >o$i & done; usleep 900000; cat o1 o2 o3
killall fakeidentd; usleep 200000
echo "identd 7113/tcp" >/etc/services
fakeidentd -f me & usleep 300000
printf '1, 2\n' | ask 113
printf '1, 2\n' | { timeout 2 nc -w 1 ::1 113; } 2>/dev/null
fakeidentd -f; echo $?
fakeidentd -f -b 127.0.0.1; echo $?
fakeidentd -f -b nosuch; echo $?
fakeidentd -f -b 9.9.9.9; echo $?
T=$(awk '{print int($1)}' /proc/uptime)
(sleep 30) | { nc 127.0.0.1 113; } 2>/dev/null & N=$!
(sleep 10; printf 1; sleep 15; printf '2\n'; sleep 1) | { nc 127.0.0.1 113; } 2>/dev/null
wait $N; T=$(($(awk '{print int($1)}' /proc/uptime) - T)); test $T -ge 25 -a $T -lt 34 && echo in time
killall fakeidentd; usleep 100000
printf '3, 4\r\nrest' | fakeidentd -i you; echo $?
fakeidentd -i </dev/null; echo $?
sleep 30 | fakeidentd -i; echo $?
fakeidentd -w </dev/null; echo $?
tcpsvd 127.0.0.1 7114 fakeidentd -i tcpsvd & usleep 200000; printf '5, 6\n' | ask 7114; kill $!
printf '7115 stream tcp wait root fakeidentd fakeidentd -w waited\n' >conf
inetd -fe conf & usleep 200000; printf '7, 8\n' | ask 7115; printf '9, 10\n' | ask 7115; ps -o args | grep -c '[f]akeidentd -w'; sleep 22; ps -o args | grep -c '[f]akeidentd -w'; printf '11, 12\n' | ask 7115; kill $!
fakeidentd -z; echo $?
