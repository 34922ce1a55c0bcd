timeout 5 kill x 99999 y; echo $?
timeout 5 kill -0 -- 1; echo $?
kill -0 -- 1; echo $?
kill x y; echo $?
timeout 5 killall nonea noneb; echo $?
timeout 5 killall -q nonea noneb; echo $?
timeout 5 killall -q; echo $?
timeout 5 nice -n; echo $?
timeout 5 nice -n x true; echo $?
timeout 5 nice -n -x true; echo $?
timeout 5 nice -n 99999999999 true; echo $?
timeout 5 nice -nx true; echo $?
timeout 5 nice -5x true; echo $?
timeout 5 nice -n +5 nice; echo $?
timeout 5 nice -n5; echo $?
timeout 5 renice 5; echo $?
timeout 5 renice x 1; echo $?
timeout 5 renice -n x 1; echo $?
timeout 5 renice -n -x -p1; echo $?
timeout 5 renice -n 1 -gx; echo $?
