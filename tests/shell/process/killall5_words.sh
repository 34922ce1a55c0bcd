killall5 -o x; echo $?; killall5 -G; echo $?; killall5 -l | head -n 2; killall5 x; echo $?; killall5 -9 x; echo $?; killall5; echo $?
setsid sleep 9 & sleep 0.3; killall5 -o $!; echo $?; kill -0 $!; echo $?; killall5 -o x; echo $?; killall5 -o $! -o 99; echo $?; killall5 -9 -o $!; echo $?; killall5 -SIGHUP; echo $?; sleep 0.3; wait $!; echo $?
