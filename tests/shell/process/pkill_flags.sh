sleep 9 & timeout 3 pkill -l sleep | head -n 3; echo $?; pkill -e sleep; echo $?; wait; echo $?
pkill -9 -l | head -n 2; pkill -l | tail -n 1; pkill -x slee; echo $?; pkill; echo $?; pkill -P x sleep; echo $?; pkill -s x; echo $?; pkill -G sleep; echo $?
setsid sh -c 'sleep 5 & sleep 0.1; pkill -s 0 sleep; echo $?; wait; echo $?'
sleep 7 & a=$!; sleep 8 & sleep 0.1; pkill -P $$ -o sleep; sleep 0.1; kill -0 $a 2>/dev/null; echo $?; pkill -n sleep; sleep 0.1; wait; echo $?
sleep 7 & sleep 0.1; pkill -v -P 1 -f '^nothing'; echo no
