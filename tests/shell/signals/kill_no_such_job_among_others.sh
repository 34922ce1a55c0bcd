# A job that there is not stops kill before anybody is signalled.
sleep 5 & pid=$!
kill $pid %9; echo $?
kill -0 $pid; echo $?
kill x %1 1y; echo $?
wait; echo $?
kill 99999 %9; echo $?
