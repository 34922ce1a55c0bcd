syslogd -n -L -O /work/log & pid=$!
sleep 1
logger hello world; logger -t tag -p daemon.err "an error"; logger -p 13 number; logger -s shown; echo piped | logger -t pipe
printf 'one\n\ntwo\n' | logger -t lines
sleep 1; kill $pid; wait $pid 2>/dev/null; echo $?
cut -c 17- log; cut -c 4,7,10,13,16 log | sort -u
ls -l /dev/log | cut -c 1-10
