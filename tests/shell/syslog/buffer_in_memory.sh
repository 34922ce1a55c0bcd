logread; echo $?
syslogd -n -L -C4 & sleep 1
logger -t x first; logger -t x second; sleep 1
logread | cut -c 17-
for i in $(seq 100); do logger -t y "message number $i with some text to fill it"; done; sleep 1
logread | cut -c 17- | head -n 2; logread | wc -l; logread | tail -n 1 | cut -c 17-
kill $!; wait; logread; echo $?
