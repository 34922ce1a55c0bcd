cd /tmp; export TZ=UTC
mkdir -p srv; echo hello >srv/a; touch -d '2020-01-02 03:04:05' srv/a; chmod 755 srv
cat >/etc/passwd <<'X'
root:x:0:0:root:/root:/bin/sh
plain:word:1001:1001::/:/bin/sh
md:x:1002:1002::/:/bin/sh
sha:x:1003:1003::/:/bin/sh
des:x:1004:1004::/:/bin/sh
locked:x:1005:1005::/:/bin/sh
starred:x:1006:1006::/:/bin/sh
lost:x:1007:1007::/:/bin/sh
open::1008:1008::/:/bin/sh
own:$1$ab$nmS.cSt5TK.E0Q4WX2AMD1:1009:1009::/:/bin/sh
two:x:1010:1010::/:/bin/sh
X
printf 'root:x:0:\ngrp:x:77:two\n' >/etc/group
{ echo 'root::1:0:::::'; echo "md:$(cryptpw -m md5 pw saltsalt):1:0:::::"; echo "sha:$(cryptpw -m sha512 pw saltsalt):1:0:::::"
echo "des:$(cryptpw -m des pw sa):1:0:::::"; echo "locked:!$(cryptpw -m md5 pw saltsalt):1:0:::::"; echo 'starred:*:1:0:::::'; echo 'own:no:1:0:::::'
echo "two:$(cryptpw -m sha256 pw saltsalt):1:0:::::"; } >/etc/shadow
tcpsvd -E 127.0.0.1 2121 ftpd -w srv &
usleep 300000
talk() { echo "-- $*"; { for l in "$@"; do printf '%s\r\n' "$l"; usleep 60000; done; usleep 60000; } | nc 127.0.0.1 2121; }
for who in md sha des; do talk "USER $who" 'PASS no' 'PWD' "USER $who" 'PASS pw' 'PWD' QUIT; done
talk 'USER root' 'PASS' 'PWD' QUIT; talk 'USER root' 'PASS any' QUIT; talk 'USER open' 'PASS x' 'PWD' QUIT
talk 'USER starred' 'PASS *' QUIT; talk 'USER locked' 'PASS pw' QUIT; talk 'USER lost' 'PASS x' QUIT; talk 'USER lost' 'PASS aa' QUIT
talk 'USER plain' 'PASS word' QUIT; talk 'USER own' 'PASS pw' QUIT; talk 'USER own' 'PASS no' QUIT; talk 'USER nobody' 'PASS' 'PASS x' QUIT; talk 'PASS x' 'USER' 'PASS' QUIT
chown 0:77 srv; chmod 770 srv
talk 'USER two' 'PASS pw' 'MKD d' QUIT; talk 'USER md' 'PASS pw' 'MKD e' QUIT; ls -ln srv | sed 's/[A-Z][a-z][a-z] .* \(.\)$/\1/'
killall tcpsvd
