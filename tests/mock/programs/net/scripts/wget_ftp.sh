# wget from FTP servers: busybox' own, and ones of a few words
mkdir -p /srv/sub /tmp/dl; echo kiamol >/srv/f; head -c 30000 /dev/zero >/srv/sub/big; cd /tmp
cat >server <<'X'
while [ $# -gt 0 ]; do
  printf '%b' "$1"; shift
  read -r line || break
  echo "heard: $line" | tr -d '\r' >>/tmp/heard
done
X
start() { rm -f heard; tcpsvd -E 127.0.0.1 2121 sh ./server "$@" & usleep 150000; }
stop() { kill $!; wait $! 2>/dev/null; cat heard 2>/dev/null; echo; }
t() { echo "--- wget $*"; (cd dl; timeout 5 wget "$@") 2>/tmp/err </dev/null; echo "code $?"; tr '\r' '\n' </tmp/err | grep -v '%' | sed 's,EPSV ok (|||[0-9]*|),EPSV ok,'; ls dl; rm -rf dl/*; }
tcpsvd -E 127.0.0.1 2120 cat /etc/hosts &
tcpsvd -E 127.0.0.1 21 ftpd -A /srv & usleep 100000
t ftp://127.0.0.1/f
t -q -O - ftp://127.0.0.1/f
t -q -O - ftp://localhost:21/sub/big -O big
t -S -O - ftp://127.0.0.1/f
t --spider ftp://127.0.0.1/f
t --spider ftp://127.0.0.1/none
t -q ftp://127.0.0.1/none
t ftp://127.0.0.1/f ftp://127.0.0.1/sub/big
printf kia >part; wget -c -O part ftp://127.0.0.1/f 2>&1 | grep -v %; cat part
t ftp://127.0.0.1:2199/f
start '220 hi\r\n' '331 pw\r\n' '230 in\r\n' '200 ok\r\n' '213 6\r\n' '229 EPSV (|||2120|)\r\n' '150 go\r\n226 done\r\n'
t -q -O - ftp://joe:secret%20x@127.0.0.1:2121/a/b; stop
start '220 hi\r\n' '331 pw\r\n' '530 no\r\n'
t -q -O - ftp://joe@127.0.0.1:2121/a; stop
start '220 hi\r\n' '331 pw\r\n' '530 no\r\n'
t -q -O - ftp://127.0.0.1:2121/a; stop
start '220 hi\r\n' '500 who\r\n'
t -q -O - ftp://127.0.0.1:2121/a; stop
start '500 busy\r\n'
t -q -O - ftp://127.0.0.1:2121/a; stop
start '220-multi\r\n220-line\r\n220 hi\r\n' '230 in\r\n' '200 ok\r\n' '500 size\r\n' '500 no\r\n' '227 Passive (127,0,0,1,8,72)\r\n' '150 go\r\n226 done\r\n'
t -S -O h ftp://127.0.0.1:2121/a; stop
start '220 hi\r\n' '230 in\r\n' '200 ok\r\n' '213 x9\r\n'
t -q -O - ftp://127.0.0.1:2121/a; stop
start '220 hi\r\n' '230 in\r\n' '200 ok\r\n' '213 9 \r\n' '229 odd\r\n'
t -q -O - ftp://127.0.0.1:2121/a; stop
start '220 hi\r\n' '230 in\r\n' '200 ok\r\n' '213 9\r\n' '229 odd\r\n'
t -q -O - ftp://127.0.0.1:2121/a; stop
start '220 hi\r\n' '230 in\r\n' '200 ok\r\n' '213 9\r\n' '500 no\r\n' '500 neither\r\n'
t -q -O - ftp://127.0.0.1:2121/a; stop
start '220 hi\r\n' '230 in\r\n' '200 ok\r\n' '213 9\r\n' '500 no\r\n' '227 Passive (127,0,0,1,8,x)\r\n'
t -q -O - ftp://127.0.0.1:2121/a; stop
start '220 hi\r\n' '230 in\r\n' '200 ok\r\n' '213 9\r\n' '500 no\r\n' '227 Passive (127,0,0,1,800,2)\r\n'
t -q -O - ftp://127.0.0.1:2121/a; stop
start '220 hi\r\n' '230 in\r\n' '200 ok\r\n' '213 9\r\n' '229 EPSV (|||2120|)\r\n' '550 none\r\n'
t -q -O - ftp://127.0.0.1:2121/a; stop
start '220 hi\r\n' '230 in\r\n' '200 ok\r\n' '500 size\r\n' '229 EPSV (|||2120|)\r\n' '150 go\r\n426 broken\r\n'
t -O h ftp://127.0.0.1:2121/a; stop
start '220 hi\r\n' '230 in\r\n' '200 ok\r\n' '213 9999\r\n' '229 EPSV (|||2120|)\r\n' '150 go\r\n226 ok\r\n'
t -O h ftp://127.0.0.1:2121/a; stop
start '220 hi\r\n' '230 in\r\n' '200 ok\r\n' '213 20\r\n' '229 EPSV (|||2120|)\r\n' '500 rest\r\n' '150 go\r\n226 ok\r\n'
printf abc >part; timeout 5 wget -c -O part ftp://127.0.0.1:2121/a 2>&1 | grep -v %; wc -c <part; stop
start '220 hi\r\n' '230 in\r\n' '200 ok\r\n' '213 20\r\n' '229 EPSV (|||2120|)\r\n' '350 rest\r\n' '150 go\r\n226 ok\r\n'
printf abc >part; timeout 5 wget -c -O part ftp://127.0.0.1:2121/a 2>&1 | grep -v %; wc -c <part; stop
start '220 hi\r\n' '2x0 in\r\n'
t -q -O - ftp://127.0.0.1:2121/a; stop
start '220 hi\r\n' '230 in\r\n' '200 ok\r\n' '213 9\r\n' '229 EPSV (|||2198|)\r\n'
t -q -O - ftp://127.0.0.1:2121/a; stop
t -q -O - ftps://127.0.0.1/a
t -q -O - ftps://127.0.0.1:21/f
printf 'HTTP/1.1 302 OK\r\nLocation: ftp://127.0.0.1/f\r\n\r\nx' | nc -l -p 311 >/dev/null & usleep 100000; t -O - http://127.0.0.1:311/
killall tcpsvd
