syslogd -n -O log & sleep 1
logger lost; sleep 1; kill $!; wait; cut -c 17- log
