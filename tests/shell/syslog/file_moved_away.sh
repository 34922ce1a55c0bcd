syslogd -n -L -O log & sleep 1
logger -t m one; sleep 1; mv log old; logger -t m two; sleep 1; kill $!; wait
cut -c 17- old; echo --; cut -c 17- log
syslogd -n -L -O /nosuch/log 2> err & sleep 1; logger -t m three; sleep 1; kill $!; wait; cut -c 17- err
