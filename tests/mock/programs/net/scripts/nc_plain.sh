cd /tmp; t() { echo "--- $*"; }
now() { awk '{print $1}' /proc/uptime; }
el() { awk -v a=$1 -v b=$(now) 'BEGIN{printf "%.1f\n", b-a}'; }
rm -f ff; mkfifo ff; exec 7<>ff
t refused; nc 127.0.0.1 9 </dev/null; echo "code $?"
t refused name; nc localhost 9 </dev/null; echo "code $?"
t badport; nc 127.0.0.1 foo; echo "code $?"
t badport0; nc 127.0.0.1 0; echo "code $?"
t bigport; nc 127.0.0.1 70000; echo "code $?"
t onlyhost; nc localhost 2>&1 | head -3
t inuse; nc -l -p 99 </dev/null >/dev/null & sleep 0.1; nc -l -p 99; echo "code $?"; echo x | nc localhost 99; echo "code $?"; 
t netclose stdin open; nc -l -p 101 -e echo bye & sleep 0.1; S=$(now); timeout 4 nc 127.0.0.1 101 <&7; echo "c $?"; el $S
t listen, client closes, stdin open; timeout 4 nc -l -p 102 <&7 & P=$!; sleep 0.1; S=$(now); echo hi | nc 127.0.0.1 102; wait $P;  echo "c $?"; el $S
t e; nc -l -p 103 -e echo hello world & sleep 0.1; nc 127.0.0.1 103 </dev/null; echo "c $?"; wait $!
t e noexist; nc -l -p 104 -e /no/such & sleep 0.1; echo abc | nc 127.0.0.1 104 ; echo "c $?"; wait $!; echo "s $?"
t ll; nc -ll -p 105 -e echo hi & P=$!; sleep 0.1; for i in 1 2 3; do nc 127.0.0.1 105 </dev/null; done; kill $P
t ll no e; nc -ll -p 106 >/dev/null & sleep 0.1; for i in 1 2 ; do echo a | nc -w 1 127.0.0.1 106; done
t l e once; nc -l -p 107 -e cat & sleep 0.1; echo one | nc 127.0.0.1 107; echo two | nc 127.0.0.1 107; echo "c $?"
t w listen; S=$(now); timeout 3 nc -l -p 108 -w 1; echo "c $?"; el $S
t w net; sleep 3 | nc -l -p 109 & sleep 0.1; S=$(now); nc -w 1 127.0.0.1 109 </dev/null; echo "c $?"; el $S
t i; printf 'a\nb\nc\n' | nc -l -p 110 -i 1 & sleep 0.1; S=$(now); nc 127.0.0.1 110 </dev/null; el $S
t e connect; echo served | nc -l -p 114 & sleep 0.1; nc 127.0.0.1 114 -e cat; echo "c $?"
t reset; nc -l -p 115 -e true & sleep 0.1; { sleep 0.5; echo x; sleep 0.5; echo y; sleep 0.2; echo z; } | nc 127.0.0.1 115; echo "c $?"
t l -e fd; nc -l -p 117 -e sh -c 'echo err >&2; echo out' & sleep 0.1; nc 127.0.0.1 117 </dev/null | sed 's/^/got: /'
t pname; nc -l -p http; echo $?
t wait bad; nc -w x 127.0.0.1 9; echo "c $?"; nc -w 0 127.0.0.1 9; echo "c $?"
t f; echo hi > fx; nc -f fx </dev/null; echo "c $?"
t l host; nc -l -p 118 127.0.0.1 2>&1 | head -2 & sleep 0.1; nc 127.0.0.1 118 </dev/null; echo "c $?"
t stdin eof keeps; { echo first; } | nc -l -p 120 & sleep 0.1; { sleep 1; echo late; } | nc 127.0.0.1 120; wait $!
