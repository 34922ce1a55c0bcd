(sleep 2; echo survived) & p=$!; sleep 1; kill -INT $p; wait $p; echo $?
