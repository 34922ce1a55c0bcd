sleep 5 & p=$!; kill $p; wait $p; echo $?
sleep 5 & p=$!; kill $p; sleep 0.2; wait $p; echo $?
sleep 5 & p=$!; kill $p; usleep 200000; true; wait $p; echo $?
sleep 5 & p=$!; kill $p; usleep 200000; jobs; wait $p; echo $?
sleep 5 & p=$!; kill $p; (usleep 200000); wait $p; echo $?
sleep 5 & p=$!; kill $p; x=$(usleep 200000); wait $p; echo $?
sleep 5 & p=$!; kill $p; usleep 200000; wait; echo $?
sleep 5 & p=$!; kill -9 $p; usleep 200000; wait $p; echo $?
sleep 5 & p=$!; kill $p; usleep 200000; usleep 1; wait; echo $?
sleep 5 & p=$!; kill $p; usleep 200000 | cat; wait $p; echo $?
sleep 5 & p=$!; sleep 5 & q=$!; kill $p $q; usleep 200000; wait $p; echo $?; wait $q; echo $?
