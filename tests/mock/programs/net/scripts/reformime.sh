cd /tmp
mkdir out; cd out
show() { for f in *; do echo "[$f]" | sed 's/[0-9][0-9]*\.[0-9]*\]/TIME.PID]/'; cat "$f"; done; rm -f *; }
t() { echo "--- $*"; reformime "$@"; echo "= $?"; show; }
printf 'text of a\n' >/tmp/a; head -c 200 /dev/zero | tr '\0' z >/tmp/b
makemime -c text/plain -a 'From: me' /tmp/a /tmp/b >/tmp/m
t </tmp/m
t -x p- </tmp/m
t -X sh -c 'echo "$CONTENT_TYPE $CHARSET $ENCODING $FILENAME"; cat' </tmp/m
t -X sh -c 'exit 7' </tmp/m
t -X false </tmp/m
t -X /no/such </tmp/m
x() { printf 'Mime-Version: 1.0\nContent-Type: multipart/mixed; boundary="b1"\n\n'; }
{ x; printf '%s\n' --b1 'Content-Type: text/plain' '' 'plain one' '-- not' '--b1' 'Content-Type: text/html; filename="../x/page.html"' 'Content-Transfer-Encoding: 8bit' '' '<p>' '--b1--' 'after'; } >/tmp/m2
t </tmp/m2
tr '\n' '|' </tmp/m2 | sed 's/|/\r\n/g' >/tmp/m3; t </tmp/m3
{ x; printf '%s\n' --b1 'Content-Type: multipart/mixed; boundary=in' '' '--in' 'Content-Disposition: inline; filename=n1' '' 'inner one' '--in' 'Content-Disposition: inline; filename=n2' '' 'inner two' '--in--' '--b1' 'Content-Disposition: x; filename=n3' '' 'outer' '--b1--'; } >/tmp/m4
t </tmp/m4
{ x; printf '%s\n' --b1 'Content-Transfer-Encoding: quoted-printable' '' 'a=20b' '--b1--'; } >/tmp/m5; t </tmp/m5 2>&1 | sed 's/[0-9][0-9]*\.[0-9][0-9]*/TIME.PID/'
{ x; printf '%s\n' --b1 'Content-Transfer-Encoding: base64' 'Content-Type: x/y; filename=f' '' 'YWJj' 'ZA==' '' '--b1--'; } | t
{ x; printf '%s\n' --b1 'Content-Transfer-Encoding: base64' 'Content-Type: x/y; filename=f' '' 'YWJjZ' '--b1--'; } | t
{ x; printf '%s\n' --b1 'Content-Transfer-Encoding: base64' 'Content-Type: x/y; filename=f' '' 'YW Jj' 'Z'; } | t
printf 'Content-Type: multipart/alternative; boundary=x\n\n' | t
printf 'Content-Type: multipart/mixed\n\n' | t
printf 'Subject: x\nContent-Type: text/plain; filename=only\n\nbody\n' | t
t </dev/null
printf '\n\n' | t
printf 'Content-Type: text/plain; filename=sub/\n\nx\n' | t -x nodir/
t -d -e -i -s 1.2 -r 7 -c utf-8 -h x -o y -O z </tmp/m
t -m a b </tmp/m
t -x a -X cat </tmp/m 2>&1 | head -n 4
t -q 2>&1 | head -n 4
