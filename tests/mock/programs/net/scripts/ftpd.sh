cd /tmp; export TZ=UTC
mkdir srv srv/sub; echo hello >srv/a; printf 'xyz\n' >srv/b; touch -d '2020-01-02 03:04:05' srv/a srv/b srv/sub
tcpsvd -E 127.0.0.1 2121 ftpd -A -w srv & 
tcpsvd -E 127.0.0.1 2122 ftpd -A srv & 
tcpsvd -E 127.0.0.1 2123 ftpd srv & 
tcpsvd -E 127.0.0.1 2124 ftpd -a root srv & 
tcpsvd -E 127.0.0.1 2125 ftpd -vv -A srv 2>log & 
tcpsvd -E 127.0.0.1 2126 ftpd -t 2 -A srv & 
usleep 300000
cat >c <<'X'
# port cmd... : one data transfer
port=$1; what=$2; pre=$3
mkfifo in
nc 127.0.0.1 $port <in >out &
exec 3>in
usleep 60000
printf 'EPSV\r\n' >&3
usleep 60000
p=$(sed -n 's/.*|||\([0-9]*\)|.*/\1/p' out)
usleep 60000
[ -n "$pre" ] && printf "$pre\r\n" >&3
usleep 60000
printf "$what\r\n" >&3
usleep 60000
if [ -n "$4" ]; then printf "$4" | timeout 1 nc 127.0.0.1 $p >data 2>/dev/null; else timeout 1 nc 127.0.0.1 $p </dev/null >data 2>/dev/null; fi
usleep 60000
printf 'QUIT\r\n' >&3
exec 3>&-
wait
sed "s/|||[0-9]*/|||N/" out | tr -d '\r'; echo -- data; cat data
rm in out data
X
for w in LIST 'LIST sub' 'LIST -l' NLST 'NLST b' 'RETR a' 'RETR sub' 'RETR nope'; do echo "== $w"; sh c 2121 "$w"; done
sh c 2121 'RETR a' 'REST 2'
sh c 2121 'STOR new' '' 'some data'
sh c 2121 'APPE new' '' 'more'
sh c 2121 'STOU' '' 'uniq' | sed 's/uniq[.A-Za-z0-9]*/uniqX/'
sh c 2121 'STOR b' 'REST 1' 'Q'
cat srv/b
sh c 2122 'STOR no' '' 'x'
cat srv/new
talk() { { for l in "$@"; do printf "$l\r\n"; usleep 60000; done; usleep 60000; } | nc 127.0.0.1 $p; }
p=2123; talk FOO 'PWD' 'USER root' 'PASS bad'; echo; talk 'PASS x' 'USER nobody' 'FOO'
echo; talk QUIT
p=2124; talk 'USER anonymous' 'PASS x' PWD 'USER anonymous' QUIT
talk 'USER ftp' 'PASS x' PWD QUIT
talk 'USER root' 'PASS x' PWD QUIT
p=2125; talk 'USER anonymous' 'CWD' 'cwd ..' 'PWD' 'SIZE nope' 'MKD x' 'MODE B' 'STRU R' 'TYPE A' 'TYPE' 'STAT nope' 'MDTM' 'MDTM sub' 'XCWD sub' 'XPWD' 'XCUP' 'pasv x' 'EPSV ALL' 'RNTO m' 'REST' 'OPTS UTF8 ON' 'HELP x' quit | sed 's/227 PASV ok (.*)/227 P/; s/|||[0-9]*/|||N/'; sed 's/\[[0-9]*\]/[N]/; s/(1.*)/(P)/; s/|||[0-9]*/|||N/' log
p=2126; usleep 60000; { sleep 5; echo; } | nc 127.0.0.1 2126
ftpd -A nodir </dev/null; echo $?
echo NOOP | ftpd -A -t x srv; echo $?
ftpd -Z; echo $?
killall tcpsvd
