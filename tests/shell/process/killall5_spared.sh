setsid sleep 9 & sleep 0.3
killall5 x; echo $?; killall5 -o; echo $?; killall5 -9 5; echo $?; killall5 -o 5 x; echo $?; killall5 -o 5 -o; echo $?; killall5 -l x; echo $?; killall5 -q; echo $?; killall5 -- -o 5; echo $?
killall5 -0 -o $!; echo $?; killall5 -0; echo $?; kill -0 $!; echo $?
killall5 -o 99 -o 98; echo $?; sleep 0.3; wait $!; echo $?
