cd /tmp
# a server of a few words: says what it is told and shows what it hears
cat >server <<'X'
while [ $# -gt 0 ]; do
  printf '%b' "$1"; shift
  read -r line || break
  echo "heard: $line" | tr -d '\r' >&2
done
X
start() { tcpsvd -E 127.0.0.1 2121 sh ./server "$@" & usleep 150000; }
stop() { kill $!; wait $! 2>/dev/null; echo; }
tcpsvd -E 127.0.0.1 2120 cat /etc/hosts &
tcpsvd -E 127.0.0.1 2119 sh -c 'cat >data' &
start '220 hi\r\n' '331 pw\r\n' '530 no\r\n'
timeout 2 ftpget -P 2121 -u joe -p secret 127.0.0.1 x; echo $?; stop
start '220 hi\r\n' '331 pw\r\n' '230 no\r\n' '500 type\r\n'
timeout 2 ftpget -P 2121 127.0.0.1 x; echo $?; stop
start '500 busy\r\n' 
timeout 2 ftpget -P 2121 127.0.0.1 x; echo $?; stop
start '220-multi\r\n220-line\r\n220 hi\r\n' '500 Who?\r\n'
timeout 2 ftpget -v -P 2121 127.0.0.1 x; echo $?; stop
start '220 hi\r\n' '230 in\r\n' '200 ok\r\n' '500 no epsv\r\n' '227 Entering Passive Mode (127,0,0,1,8,72)\r\n' '213 12\r\n' '150 go\r\n226 done\r\n' '221 bye\r\n'
timeout 2 ftpget -P 2121 127.0.0.1 y x; echo $?; cmp y /etc/hosts && rm y; stop
start '220 hi\r\n' '230 in\r\n' '200 ok\r\n' '500 no epsv\r\n' '500 no pasv\r\n'
timeout 2 ftpget -P 2121 127.0.0.1 y x; echo $?; stop
start '220 hi\r\n' '230 in\r\n' '200 ok\r\n' '229 odd\r\n' '221 bye\r\n'
timeout 2 ftpget -P 2121 127.0.0.1 y x; echo $?; stop
start '220 hi\r\n' '230 in\r\n' '200 ok\r\n' '229 EPSV (|||2120|)\r\n' '500 size\r\n' '150 go\r\n500 bad end\r\n' '221 bye\r\n'
timeout 2 ftpget -P 2121 127.0.0.1 y x; echo $?; ls y; rm -f y; stop
start '220 hi\r\n' '230 in\r\n' '200 ok\r\n' '229 EPSV (|||2120|)\r\n' '213 999999\r\n' '350 from\r\n' '150 go\r\n226 end\r\n' '221 bye\r\n'
printf 12345 >y; timeout 2 ftpget -c -P 2121 127.0.0.1 y x; echo $?; head -c 20 y; rm -f y; stop
start '220 hi\r\n' '230 in\r\n' '200 ok\r\n' '229 EPSV (|||2120|)\r\n' '213 999999\r\n' '500 rest\r\n' '150 go\r\n226 end\r\n' '221 bye\r\n'
printf 12345 >y; timeout 2 ftpget -c -P 2121 127.0.0.1 y x; echo $?; head -c 20 y; rm -f y; stop
start '220 hi\r\n' '230 in\r\n' '200 ok\r\n' '229 EPSV (|||2120|)\r\n' '213 999999\r\n' '150 go\r\n226 end\r\n' '221 bye\r\n'
timeout 2 ftpget -c -P 2121 127.0.0.1 y x; echo $?; rm -f y; stop
start '220 hi\r\n' '230 in\r\n' '200 ok\r\n' '229 EPSV (|||2119|)\r\n' '150 go\r\n226 end\r\n' '221 bye\r\n'
echo data >z; timeout 2 ftpput -P 2121 127.0.0.1 r/x z; echo $?; stop; cat data
start '220 hi\r\n' '230 in\r\n' '200 ok\r\n' '229 EPSV (|||2119|)\r\n' '150 go\r\n226 end\r\n' '500 bye\r\n'
echo data | timeout 2 ftpput -P 2121 127.0.0.1 r/x -; echo $?; stop
start '220 hi\r\n' '230 in\r\n' '200 ok\r\n' '229 EPSV (|||2119|)\r\n' '552 full\r\n'
timeout 2 ftpput -P 2121 127.0.0.1 z; echo $?; stop
start '220 hi\r\n' '230 in\r\n' '200 ok\r\n' '229 EPSV (|||2119|)\r\n' '150 go\r\n226 end\r\n' '221 bye\r\n'
timeout 2 ftpput -P 2121 127.0.0.1 nope; echo $?; stop
start '220 hi\r\n' '230 in\r\n' '200 ok\r\n' '229 EPSV (|||2120|)\r\n' '213 12\r\n' '150 go\r\n226 end\r\n' '221 bye\r\n'
timeout 2 ftpget -P 2121 127.0.0.1 no/dir x; echo $?; stop
start
timeout 2 ftpget -P 2121 127.0.0.1 x; echo $?; stop
ftpget 127.0.0.1; echo $?
ftpget -P ppp 127.0.0.1 x; echo $?
ftpput -c 127.0.0.1 x; echo $?
ftpget a b c d >/dev/null 2>&1; echo $?
killall tcpsvd
