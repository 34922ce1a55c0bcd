syslogd -n -L -S -O - > out & sleep 1
logger -t a one; logger -t b -p local3.debug two; sleep 1; kill $!; wait
cut -c 17- out
