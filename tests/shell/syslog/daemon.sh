mkdir -p /var/run; syslogd -L -O /work/log; echo $?; sleep 1
logger -t d hello; sleep 1
killall syslogd; sleep 1; cut -c 17- log; ls /var/run
