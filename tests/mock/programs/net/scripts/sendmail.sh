cd /tmp
cat >smtpd <<'X'
cr=$(printf '\r')
say() { printf '%s\r\n' "$*"; }
say "220 hello"
while IFS= read -r l; do
  l=${l%$cr}; echo "C: $l" >>/tmp/seen
  case $l in
  EHLO*) if [ "$OLD" ]; then say "502 what"; else say "250-mail"; say "250-AUTH PLAIN LOGIN"; say "250 HELP"; fi;;
  "AUTH PLAIN") say "334 "; IFS= read -r a; echo "C: ${a%$cr}" >>/tmp/seen; say "235 ok";;
  "AUTH LOGIN") say "334 VXNlcm5hbWU6"; IFS= read -r a; echo "C: ${a%$cr}" >>/tmp/seen; say "334 UGFzc3dvcmQ6"; IFS= read -r a; echo "C: ${a%$cr}" >>/tmp/seen; say "235 ok";;
  *nobody*) say "550 no such";;
  *refused*) say "421 go away"; exit;;
  *closes*) exit;;
  *sleepy*) sleep 5; say "250 ok";;
  DATA) if [ "$NODATA" ]; then say "554 no valid recipients"; else say "354 go"; while IFS= read -r a; do a=${a%$cr}; echo "D: $a" >>/tmp/seen; [ "$a" = . ] && break; done; say "250 queued"; fi;;
  QUIT) say "221 bye"; exit;;
  *) say "250 ok";;
  esac
done
X
tcpsvd 127.0.0.1 2525 sh smtpd & tcpsvd 127.0.0.1 25 sh smtpd & OLD=1 tcpsvd 127.0.0.1 2526 sh smtpd & NODATA=1 tcpsvd 127.0.0.1 2527 sh smtpd &
usleep 300000
m() { printf 'From: me\nSubject: hi\n\nbody\n.dot\n..dots\nlast'; }
t() { echo "--- $*"; : >seen; sendmail "$@"; echo "= $?"; usleep 100000; cat seen; }
m | t -S localhost:2525 you@example.test
m | t you@example.test two@example.test three@example.test
m | SMTPHOST=127.0.0.1:2525 t -f from@x you@example.test
m | t -S 127.0.0.1:2525 -f '' -i -oi -o x 'odd<one>' ok@x
m | t -v -S 127.0.0.1:2525 -f a@b you@x nobody@x
m | t -S 127.0.0.1:2526 -f a@b you@x
m | t -S 127.0.0.1:2527 -f a@b you@x
h() { printf 'To: one@x, "Two, T." <two@x>,three@x\nCc: <four@x>\n\tfive@x\nBcc: six@x\n seven@x\nSubject: s\n folded: on\nX-Other\nbody: 1\n'; }
h | t -t -S 127.0.0.1:2525 -f a@b
h | t -S 127.0.0.1:2525 -f a@b eight@x
printf 'To: a b@x, (c)@x, <nobody@x>\n\nx\n' | t -t -S 127.0.0.1:2525 -f a@b
printf 'no header\n' | t -S 127.0.0.1:2525 -f a@b one@x
t -S 127.0.0.1:2525 -f a@b one@x </dev/null
t -S 127.0.0.1:2525 -f a@b </dev/null
m | t -S 127.0.0.1:2525 -f refused@b one@x
m | t -S 127.0.0.1:2525 -f closes@b one@x
m | t -S 127.0.0.1:2525 -f sleepy@b -w 1 one@x
m | t -S 127.0.0.1:2525 -auuser -appass -f a@b one@x
m | t -S 127.0.0.1:2525 -auuser -appass -amPLAIN one@x
m | t -S 127.0.0.1:2525 -au"$(head -c 70 /dev/zero | tr '\0' u)" -appass -amlogin -f a@b one@x
printf 'fileuser\nfilepass\n' >cred
m | t -S 127.0.0.1:2525 -amLOGIN -f a@b one@x 4<cred
m | t -S 127.0.0.1:2525 -amLOGIN -f a@b one@x 4</dev/null
m | t -S 127.0.0.1:2525 -amCRAM-MD5 -f a@b one@x
m | t -H 'exec nc 127.0.0.1 2525 2>/dev/null' -f a@b one@x
sed '/^say "220/d' smtpd >smtpd2; m | t -H 'exec sh smtpd2' -f a@b one@x
m | t -H 'sleep 9' -w 1 -f a@b one@x
m | t -H 'echo 500 no; sleep 1' -f a@b one@x
m | t -H 'sleep 3 & read x; exit 3' -f a@b one@x
m | t -H 'sleep 3 & read x; kill -9 $$' -f a@b one@x
m | t -H 'true' -S x one@x 2>&1 | head -n 4
m | t -S 127.0.0.1:9 one@x
m | t -S nosuch.invalid one@x
m | t -w x one@x
m | t -z 2>&1 | head -n 3
i=0; while [ $i -lt 300 ]; do echo "H$i: x"; i=$((i+1)); done | t -S 127.0.0.1:2525 -f a@b one@x
killall tcpsvd
