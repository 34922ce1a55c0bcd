nc -l -s 127.0.0.1 -p 8000 & a=$!
nc -u -l -s 127.0.0.1 -p 8000 & b=$!
nc -l -p 8001 & c=$!
sleep 1
named() { tr ' ' '\n' | sed "s/^$a\$/A/; s/^$b\$/B/; s/^$c\$/C/" | tr '\n' ' '; echo; }
fuser 8000/tcp | named
fuser 8000/udp | named
fuser 8000/tcp 8000/udp | named
fuser -4 8000/tcp | named
fuser -6 8000/tcp | named
fuser 8001/tcp | named
fuser 8001/tcp6 | named
fuser -4 8001/tcp6 | named
fuser -s 8000/tcp; echo $?
fuser 8002/tcp; echo $?
fuser 8000/sctp; echo $?
fuser 8000/; echo $?
fuser x/tcp; echo $?
fuser -k 8000/tcp >/dev/null; sleep 1; kill $a 2>/dev/null; wait $a; echo $?
fuser 8000/tcp; echo $?
fuser -TERM -k 8000/udp >/dev/null; sleep 1; kill -9 $b 2>/dev/null; wait $b; echo $?
kill -9 $c; wait $c; echo $?
