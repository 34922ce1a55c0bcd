sleep 0 &
wait; echo ok
