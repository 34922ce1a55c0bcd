mkdir -p /www /dl; echo hello >/www/a; head -c 3000 /dev/zero | tr '\0' x >/www/big; cd /dl
httpd -p 8080 -h /www
httpd -u 0:0 -p 8081 -h /www
echo "== wget"
wget -q -P sub http://localhost:8080/a; echo $?; cat sub/a
wget -q -O - -U agent http://localhost:8080/a
wget -q -T 5 -O - http://localhost:8080/a
wget --spider -q http://localhost:8080/a; echo $?
wget --spider http://localhost:8080/none; echo $?
wget -q -o log -O x http://localhost:8080/none; echo $?; cat log
wget -q -Y off -O - http://localhost:8080/a
head -c 1000 /www/big >big; wget -q -c http://localhost:8080/big; echo $?; cmp big /www/big && echo same
wget -q --header 'X-A: b' --no-check-certificate -O - http://localhost:8080/a
wget -q --post-data x=1 -O - http://localhost:8080/a; echo $?
echo y=2 >post; wget -q --post-file post -O - http://localhost:8080/a; echo $?
wget -q --post-file nofile -O - http://localhost:8080/a; echo $?
wget -q -t 2 -O - http://localhost:9/a; echo $?
wget -q http://; echo $?
wget -q nothing://x; echo $?
wget 2>&1 | head -n 3; wget -z 2>&1 | head -n 1
echo "== httpd"
httpd -d 'a%20b%2Fc+d'; echo
httpd -e '<a & "b">'; echo
httpd -m secret | cut -c1-3
httpd -x 2>&1 | head -n 1
httpd -p bad 2>&1; echo $?
httpd -f -p 8080 2>&1; echo $?
httpd -h /nodir 2>&1; echo $?
httpd -c /nofile -f -p 8085 2>&1; echo $?
printf 'GET /a HTTP/1.0\r\n\r\n' | httpd -i -h /www | head -n 1
echo "== ping"
ping -c 1 -q 127.0.0.1 | head -n 2
ping -c 2 -i 0.2 -s 8 127.0.0.1 | head -n 3 | sed 's/time=.*//'
ping -c 1 -W 1 -w 2 127.0.0.1 | tail -n 2 | head -n 1
ping -4 -c 1 localhost | head -n 1
ping -A -c 2 127.0.0.1 | grep -c bytes.from
ping -c 1 -t 5 -p ff 127.0.0.1 | head -n 1
ping -c 1 -I 127.0.0.1 127.0.0.1 | head -n 1
ping -c 1 -I nodev 127.0.0.1; echo $?
ping -c x 127.0.0.1; echo $?
ping -s 99999 127.0.0.1; echo $?
ping nohost; echo $?
ping 2>&1 | head -n 3; echo $?
ping -z 2>&1 | head -n 1
echo "== telnet, nc"
telnet localhost 9; echo $?
telnet nohost 80; echo $?
telnet 2>&1 | head -n 3
telnet -l user localhost 9; echo $?
telnet -a localhost 9; echo $?
nc -z localhost 8080; echo $?
nc -z -w 1 localhost 9; echo $?
nc -v -z localhost 8080; echo $?
nc -n localhost 8080 </dev/null; echo $?
nc localhost bad; echo $?
nc -w x localhost 1; echo $?
echo "== names"
hostname; hostname -s; hostname -f; hostname -d; hostname -i
hostname -F /nofile; echo $?
nslookup 2>&1 | head -n 3
echo "== tables"
netstat -r | head -n 2; netstat -rn | head -n 2
netstat -ltn | tail -n +3 | sort | head -n 3
netstat -a -t -n | head -n 2
netstat -w -a -n | head -n 2
netstat -e -l -t -n | head -n 2
netstat -p -l -t -n | head -n 2
netstat -z 2>&1 | head -n 1
route -n | head -n 2; route -z 2>&1 | head -n 1; route -e | head -n 2
ifconfig nodev; echo $?
ipcalc -h 127.0.0.1; echo $?
tcpsvd 2>&1 | head -n 3
