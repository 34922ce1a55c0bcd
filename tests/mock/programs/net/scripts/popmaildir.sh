cd /tmp
echo 'exec nc 127.0.0.1 $1 2>/dev/null' >n
cat >popd <<'X'
cr=$(printf '\r')
say() { printf '%s\r\n' "$*"; }
say "${GREETING:-+OK hello}"
while IFS= read -r l; do
  l=${l%$cr}; echo "C: $l" >>/tmp/seen
  case $l in
  "PASS bad") say "-ERR no";;
  STAT) say "+OK ${COUNT:-2} 320";;
  "RETR 1"|TOP*) say "+OK"; say "Subject: one"; say ""; say "..dot"; say "body"; say ".";;
  "RETR 2") say "+OK"; printf 'bare\nnewline\r\n.\r\n';;
  "RETR 3") say "-ERR gone";;
  "RETR 4") say "+OK"; say "cut off"; exit;;
  QUIT) say "+OK bye"; exit;;
  SLEEP*) sleep 9;;
  *) say "+OK";;
  esac
done
X
tcpsvd 127.0.0.1 1110 sh popd & COUNT=3 tcpsvd 127.0.0.1 1111 sh popd & GREETING='+OK POP3 <1.2@host>' tcpsvd 127.0.0.1 1112 sh popd &
GREETING='+OK <1.2@host> x' tcpsvd 127.0.0.1 1113 sh popd & COUNT=4 tcpsvd 127.0.0.1 1114 sh popd & COUNT=0 tcpsvd 127.0.0.1 1115 sh popd & GREETING='-ERR busy' tcpsvd 127.0.0.1 1116 sh popd &
usleep 400000
printf 'me\nsecret\n' >cred; printf 'me\nbad\n' >bad
new() { rm -rf dir; mkdir -p dir/tmp dir/new dir/cur; : >seen; }
t() { echo "--- $*"; popmaildir "$@"; echo "= $?"; usleep 100000; cat seen; ls dir/tmp dir/new | sed 's/^[0-9][0-9]*\.[0-9]*\./TIME.PID./'; cat dir/new/*; }
new; t dir sh /tmp/n 1110 <cred
new; t -k dir sh /tmp/n 1110 <cred
new; t -T -k dir sh /tmp/n 1110 <cred
new; t -T -H 5 -k dir sh /tmp/n 1110 <cred
new; t -s dir sh /tmp/n 1110 </dev/null
new; t dir sh /tmp/n 1110 <bad
new; t dir sh /tmp/n 1111 <cred
new; t -a dir sh /tmp/n 1112 <cred
new; t -a -s -b -m -V -c -Z x dir sh /tmp/n 1115 <cred
new; t -a dir sh /tmp/n 1113 <cred
new; t dir sh /tmp/n 1113 <cred
new; t dir sh /tmp/n 1115 <cred
new; t dir sh /tmp/n 1116 <cred
new; t -F 'echo "name ${FILENAME##*.}" >>/tmp/f; cat >>/tmp/f' dir sh /tmp/n 1110 <cred; cat f
new; t -M 'cat >&2; exit 99' dir sh /tmp/n 1110 <cred
new; rmdir dir/new; t dir sh /tmp/n 1110 <cred 2>&1 | sed 's/[0-9][0-9]*\.[0-9]*\.web/TIME.PID.web/g'
new; rmdir dir/tmp; t dir sh /tmp/n 1110 <cred 2>&1 | sed 's/[0-9][0-9]*\.[0-9]*\.web/TIME.PID.web/g'
new; t dir sh /tmp/n 1110 </dev/null
new; t nowhere sh /tmp/n 1110 <cred
new; t -t 1 -s dir sleep 5 </dev/null
new; t -d dir; t -R 5 dir; t -L 5 dir; t -L x dir; t -t x dir; t 2>&1 | head -n 3
killall tcpsvd
