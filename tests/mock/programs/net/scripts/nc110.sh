t() { echo "--- $*"; }
t refused; nc -n 127.0.0.1 9 </dev/null; echo "code $?"
t refused -v; nc -v 127.0.0.1 9 </dev/null; echo "code $?"
t badport; nc -n 127.0.0.1 foo; echo "code $?"
t bigport; nc -n 127.0.0.1 70000; echo "code $?"
t noargs; nc 2>&1; echo "code $?"
t onlyhost; nc -n localhost; echo "c $?"
t inuse; nc -n -l -p 99 & sleep 0.1; nc -n -l -p 99; echo "code $?"; echo x | nc -n localhost 99; echo "code $?"; wait; 
t z; nc -n -l -p 100 & sleep 0.1; nc -z localhost 100; echo "c $?"; wait; nc -z localhost 100; echo "c $?"; nc -zv 127.0.0.1 100; echo $?
nc -n -l -p 100 & sleep 0.1; nc -zv localhost 100; echo "c $?"; wait
t e; nc -n -l -p 100 -e echo hello world & sleep 0.1; nc -n 127.0.0.1 100 </dev/null; echo "c $?"; wait
t e cat; nc -n -l -p 100 -e cat & sleep 0.1; echo abc | nc -n 127.0.0.1 100 ; echo "c $?"; wait
t lk; nc -lk -p 100 -e echo hi & P=$!; sleep 0.1; for i in 1 2 3; do nc -n 127.0.0.1 100 </dev/null; done; sleep 0.1; kill $P; wait
t w listen; nc -n -l -p 100 -w 1; echo "c $?"
t vv refused; nc -vv 127.0.0.1 9; echo "c $?"
t term; nc -n -l -p 100 & sleep 0.1; kill $!; wait $!; echo "c $?"
t quit; nc -n -l -p 100 & sleep 0.1; kill -HUP $!; wait $!; echo "c $?"
t u ; nc -u -l -p 100 > /tmp/uout & P=$!; sleep 0.1; echo udp | nc -u -w 1 127.0.0.1 100; echo "c $?"; sleep 0.2; cat /tmp/uout; kill $P; wait
t u3;  nc -u -v -z 127.0.0.1 100; echo "c $?"; echo x | nc -u -w 2 127.0.0.1 100; echo "c $?"
t s bad; nc -s 9.9.9.9 127.0.0.5 100;  echo "c $?"; nc -n -l -s 9.9.9.9 -p 100;  echo "c $?"
t o; echo "hello hex dump of traffic, long" | nc -n -l -p 100 >/dev/null & sleep 0.1; printf 'abc\001' | nc -o /tmp/hex 127.0.0.1 100; wait; sort /tmp/hex
t multi port; nc -v -z 127.0.0.1 100 101; echo "c $?"; 
t pname; nc -n -l -p http; echo $?
t stdin eof keeps; { echo first; } | nc -n -l -p 100 & sleep 0.1; { sleep 1; echo late; } | nc -n 127.0.0.1 100; wait
t e opts; nc -n -e echo x -l -p 100; echo "c $?"
t execfail; nc -n -l -p 101 -e /no/such & sleep 0.1; nc -n 127.0.0.1 101 </dev/null; wait $!; echo "c $?"
t execperm; nc -n -l -p 102 -e /etc/passwd & sleep 0.1; nc -n 127.0.0.1 102 </dev/null; wait $!; echo "c $?"
t stderr e; nc -n -l -p 104 -e sh -c 'echo err >&2; echo out' & sleep 0.1; nc -n 127.0.0.1 104 </dev/null | { read x; echo "got $x"; }
t udp refused; { echo one; sleep 0.1; echo two; sleep 0.1; echo three; } | nc -vv -u -w 1 127.0.0.1 108; echo "c $?"
t o; printf 'abc\001' | nc -o /no/dir 127.0.0.1 100; echo "c $?"
t lz; nc -n -l -z -p 109 -v 2>/tmp/log & sleep 0.1; nc -v 127.0.0.1 109 </dev/null; wait $!; echo "c $?"; cat /tmp/log
t w0; nc -n -w 0 127.0.0.1 9; echo "c $?"; nc -n -w x 127.0.0.1 9; echo "c $?"
t e true; nc -n -l -p 105 -e true & sleep 0.1; { sleep 0.5; echo x; sleep 0.5; echo y; sleep 0.2; echo z; } | nc -vv 127.0.0.1 105; echo "c $?"
t wnet; { for i in 1 2 3 4 5; do sleep 1.5; echo $i; done; } | nc -n -l -p 106 & sleep 0.1;  nc -n -w 1 -vv 127.0.0.1 106 </dev/null; wait
t n; nc -n -v -l -p 123  127.0.0.1 2>/tmp/log & sleep 0.1; nc -n -v 127.0.0.1 123 </dev/null; wait; cat /tmp/log
t 127.1; nc -vv 127.1 9; echo $?; nc -v 2130706433 9; echo $?
t loop; i=0; while [ $i -lt 3 ]; do echo -e "HTTP/1.1 200 OK\nContent-Length: 7\n\nkiamol" | nc -n -l -p 8080 >/tmp/asked; i=$((i+1)); done & sleep 0.2; for i in 1 2 3; do echo "GET" | nc -n localhost 8080; sleep 0.1; done; wait; cat /tmp/asked
t relay; echo backend | nc -n -l -p 90 >/tmp/got & nc -n -l -p 91 -e nc -n 127.0.0.1 90 & sleep 0.1; echo question | nc -n 127.0.0.1 91; wait; cat /tmp/got
