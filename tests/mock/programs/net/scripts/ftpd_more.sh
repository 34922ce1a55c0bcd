cd /tmp; export TZ=UTC
mkdir -p srv/sub srv/.hid; echo 'hello' >srv/a; echo x >srv/.dot; printf 'l1\nl2\n' >srv/'q"x y'
touch -d '2020-01-02 03:04:05' srv/* srv/.[dh]*
tcpsvd -E 127.0.0.1 2121 ftpd -A -w srv &
tcpsvd -E 127.0.0.1 2122 ftpd -A -v srv 2>log &
tcpsvd -E 127.0.0.1 2124 ftpd -a nosuch srv &
usleep 300000
p=2121
talk() { echo "-- $*"; { for l in "$@"; do printf "$l\r\n"; usleep 60000; done; usleep 60000; } | nc 127.0.0.1 $p | sed 's/|||[0-9]*/|||N/; s/227 PASV ok (.*)/227 P/; s/uniq[.A-Za-z0-9]*/uniqX/'; }
talk 'RNTO x' 'RNFR a' 'RNFR .dot' 'RNTO dot2' 'MKD' 'RMD' 'DELE' 'RNFR' 'STOR' 'XMKD xx' 'XRMD xx' 'RMD a' 'DELE sub' 'MKD q"d' 'CWD q"d' 'PWD' 'CWD /sub' 'PWD' 'CWD ../../..' PWD 'CWD a' 'CWD q"x y' '  NOOP' '' 'NOOP x' 'noop'
talk 'REST x' NOOP; talk 'REST 5' 'TYPE' 'TYPE i' 'TYPE AN' 'TYPE E' 'ALLO' 'STRU' 'STRU P' 'MODE' 'MODE S' 'PORT 127,0,0,1,1' 'PORT 1,2,3,4,5,6' 'PORT x,2,3,4,5,600' 'EPRT |1|127.0.0.1|99|' 'STOR nodir/x' 'RETR a' 'PASV' 'STOR nodir/x' 'EPSV' 'APPE /sub' 'LPSV' 'RMD q"d' 'STAT .' 'STAT -a' 'SYST x' 'NOOPS' 'QUITX' 'HELPME' 'A' 'PASSX' 'USE'
nc -l -p 2130 >got & usleep 100000; talk 'PORT 9,9,9,9,8,82' 'RETR a' 'RETR a' QUIT; wait $!; cat got
nc -l -p 2131 >got & usleep 100000; talk 'PORT 127,0,0,1,8,83' 'NLST' QUIT; wait $!; cat got
talk 'PORT 127,0,0,1,8,84' 'NLST'
printf 'NOOP\nPWD\n' | nc 127.0.0.1 2121
p=2122; talk 'SIZE nope' 'RETR nope' 'PORT 127,0,0,1,8,84' 'NLST' 'STAT nope' 'MDTM' 'FOO'; sed 's/\[[0-9]*\]/[N]/' log
p=2124; talk 'USER anonymous' 'PASS x' PWD QUIT
tcpsvd -E 127.0.0.1 2125 sh -c 'ftpd -A srv; echo "ended $?" >&2' &
usleep 200000; p=2125; talk QUIT; talk NOOP
tcpsvd -E 127.0.0.1 2126 sh -c 'ftpd -A nodir; echo "ended $?" >&2' &
tcpsvd -E 127.0.0.1 2127 sh -c 'ftpd -A; echo "ended $?" >&2' &
usleep 200000; p=2126; talk QUIT; p=2127; talk PWD
tcpsvd -E 127.0.0.1 2128 sh -c 'ftpd -t 1 -A srv; echo "ended $?" >&2' &
tcpsvd -E 127.0.0.1 2129 sh -c 'ftpd -T 1 -A srv; echo "ended $?" >&2' &
usleep 200000; sleep 3 | nc 127.0.0.1 2128;  sleep 3 | nc 127.0.0.1 2129
tcpsvd -E 127.0.0.1 2130 ftpd -vA nodir 2>log & usleep 100000
p=2130; talk QUIT; sed 's/\[[0-9]*\]/[N]/' log
killall tcpsvd
