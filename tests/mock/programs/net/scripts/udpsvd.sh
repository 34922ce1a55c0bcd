cd /tmp
udpsvd -v 127.0.0.1 6910 sh -c 'dd bs=100 count=1 2>/dev/null; echo "$PROTO $UDPLOCALADDR ${UDPREMOTEADDR%:*}"' 2>log &
udpsvd -E 127.0.0.1 6911 sh -c 'dd bs=100 count=1 2>/dev/null; dd bs=100 count=1 2>/dev/null; env | grep UDP; exit 3' &
udpsvd -vE 127.0.0.1 6912 /no/prog 2>log2 &
usleep 200000
echo one | timeout 1 nc -u -w 1 127.0.0.1 6910 2>/dev/null
echo two | timeout 1 nc -u -w 1 127.0.0.1 6910 2>/dev/null
(echo three; usleep 100000; echo four) | timeout 1 nc -u -w 1 127.0.0.1 6911 2>/dev/null
echo five | timeout 1 nc -u -w 1 127.0.0.1 6912 2>/dev/null
killall udpsvd; usleep 200000
n() { sed 's/start [0-9]*/start N/; s/end [0-9]*/end N/; s/:[345][0-9][0-9][0-9][0-9]/:PORT/g' $1; }
n log; echo; n log2 | sort -u
timeout 1 udpsvd 127.0.0.1 bad true; echo $?
timeout 1 udpsvd 127.0.0.1 6920; echo $?
timeout 1 udpsvd -c x 127.0.0.1 6920 true; echo $?
timeout 1 udpsvd 9.9.9.9 6920 true; echo $?
