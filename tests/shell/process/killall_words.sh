sleep 50 & sleep 50 &
killall -I SLEEP; echo $?
killall -G 1 sleep; echo $?
killall -S sleep; echo $?
killall -s sleep; echo $?
killall -STOP sleep; echo $?
killall -CONT sleep; echo $?
killall -INT sleep; echo $?
killall -q none; echo $?
killall -z; echo $?
