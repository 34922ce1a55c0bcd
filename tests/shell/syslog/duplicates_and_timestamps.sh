syslogd -n -L -D -t -O log & sleep 1
logger same; logger same; logger other; logger same; sleep 1; kill $!; wait
cut -c 17- log
