syslogd -n -L -l 4 -O log & sleep 1
for level in emerg alert crit err warning notice info debug; do logger -p user.$level "$level"; done
sleep 1; kill $!; wait; cut -c 17- log
syslogd -n -L -l 9; echo $?; syslogd -n -l x; echo $?; syslogd extra; echo $?
