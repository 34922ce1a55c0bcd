cd /tmp
n() { sed 's/fA[0-9]*/fAJOB/g'; }
mkdir -p spool/q spool/empty; : >spool/device; echo 'queue text' >one; printf 'two' >two; : >none
cat >print <<'X'
#!/bin/sh
{ echo "$DATAFILE" | sed 's/fA[0-9]*/fAJOB/'; echo "H=$H P=$P C=$C J=$J L=$L M=$M l=$l"; cat "$DATAFILE"; ls | sed 's/fA[0-9]*/fAJOB/'; ls -l | cut -c1-10; rm "$DATAFILE"; } >>/tmp/printed
X
chmod +x print
tcpsvd -E 127.0.0.1 515 lpd spool /tmp/print & tcpsvd -E 127.0.0.1 5150 lpd spool & usleep 300000
t() { echo "--- $*"; lpr "$@"; echo "= $?"; usleep 300000; cat printed 2>/dev/null; rm -f printed; }
t -P q one
t -P q@127.0.0.1 -V one two none
t -P q@127.0.0.1:515 -V -h -m -U somebody -C class -J 'a title' one
PRINTER=q t two
printf 'from stdin' | t -P q
printf 'from stdin' | t -P q -V -
ls /tmp | grep lpr
t -P q </dev/null
t -P device one; cat spool/device
t -P device@localhost:5150 one two; cat spool/device
t -P q@localhost:5150 one; ls spool/q | n; rm spool/q/*
t -P nodevice one
t -P '...' one
t -P q nofile
t -P q@127.0.0.1:9 one
t -P q@nosuch.invalid one
t -J x -P q -U '' two
t -z 2>&1 | sed 1,3d
printf '\0' | tcpsvd 127.0.0.1 5151 sh -c 'read l; printf "\0"; read l; printf "no way"' & usleep 200000
t -P q@127.0.0.1:5151 -V one
tcpsvd 127.0.0.1 5152 sh -c 'read l; echo "$l" | tr "\001\003\004\005" 1345; echo job list' & usleep 200000
q() { echo "--- $*"; lpq "$@"; echo "= $?"; }
q -P q@127.0.0.1:5152; q -s -P q@127.0.0.1:5152; q -f -P q@127.0.0.1:5152; PRINTER=x@127.0.0.1:5152 q
q -P q@127.0.0.1:9
tcpsvd 127.0.0.1 5153 sh -c 'dd bs=100 count=1 2>/dev/null >/tmp/deleted' & usleep 200000
q -P q@127.0.0.1:5153 -U me -d 5 6; usleep 200000; od -c deleted
q -q 2>&1 | sed 1,3d
l() { echo "--- $1"; printf "$1" | lpd spool $2 | od -An -c; }
l ''; l 'x'; l '\001q\n'; l '\004q\n'; l '\002\n'; l '\002/../q\n'; l '\002q\n'; l '\002q\n\005x\n'; l '\002q\n\0025\n'; l '\002q\n\002x cf\n'; l '\002q\n\002-1 cf\n'
l '\002q\n\00299999 cf\n'; l '\002q\n\0023 cf\nabc'; l '\002q\n\0023 cf\nab'; l '\002q\n\0023 cf\nabc\0'; ls spool/q; rm -f spool/q/*
l '\002q\n\0023 cf\nabc\0\0023 cg\nabc\0'; ls spool/q
l '\002q\n\0023 cf\nabc\0' ../print; ls spool/q
l '\002q\n\0033 d/../x\nabc\0\0023 cf\nHa\n\0' /no/such; ls spool/q; rm -f spool/q/*
: >spool/q/cf; l '\002q\n\0023 cf\nabc\0'
l '\002device\n\0033 x\nabc\0'; cat spool/device; l '\002none\n\0033 x\nabc\0'; l '\002none\n\0023 x\nabc\0'
lpd nowhere; echo $?
lpd </dev/null; echo $?
killall tcpsvd
