sleep 9 & a=$!; (sleep 0.3; kill -9 $a) & wait $a; echo 1 $?
wait; echo 1b $?
sleep 9 & a=$!; (sleep 0.3; kill $a) & wait; echo 2 $?
sleep 9 & a=$!; (sleep 0.3; kill -PIPE $a) & wait $a; echo 4 $?
sleep 9 & a=$!; (sleep 0.3; kill -SEGV $a) & wait $a; echo 6 $?
sh -c 'sleep 0.2; kill -9 $$' & wait; echo 7 $?
