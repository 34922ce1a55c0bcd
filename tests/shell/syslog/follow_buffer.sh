syslogd -n -L -C & pid=$!
sleep 1; logger -t x before
(sleep 2.3; logger -t x during; sleep 2; kill $pid) &
timeout 4 logread -f > f & timeout 4 logread -F > F & sleep 5
cut -c 17- f; echo --; cut -c 17- F
wait
