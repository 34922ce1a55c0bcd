syslogd -n -L -s 1 -b 2 -O log & sleep 1
for i in $(seq 50); do logger -t rotate "message number $i with a text of some length"; done
sleep 1; kill $!; wait; ls; wc -l log log.0 log.1 | tail -n 1
