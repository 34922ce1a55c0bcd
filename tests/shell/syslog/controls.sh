syslogd -n -L -O log & sleep 1
printf 'tab\there \001\033[31m end\n' | logger -t c
logger -t c "two
lines"
logger -t long "$(printf '%0300d' 7)"
sleep 1; kill $!; wait; cut -c 17- log
