timeout 4 nc -u -l -p 5514 > got & sleep 1
syslogd -n -R 127.0.0.1:5514 & pid=$!
sleep 1; logger -t away one; logger -t away two; sleep 1
kill $pid; sleep 2; sed 's,>.\{15\},>,' got
