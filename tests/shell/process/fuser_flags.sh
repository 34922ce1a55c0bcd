echo x > f; sleep 100 < f & p=$!; sleep 100 3<f & q=$!
usleep 200000
fuser -s none; echo $?
fuser none; echo $?
fuser -m f >/dev/null; echo $?
fuser -k f >/dev/null; echo $?
usleep 200000; wait $p; echo $?; wait $q; echo $?
fuser f; echo $?
sleep 100 < f & p=$!;  usleep 200000
fuser -k -TERM f >/dev/null; usleep 200000; wait $p; echo $?
sleep 100 < f & p=$!;  usleep 200000
fuser -INT -k f > /dev/null; kill -9 $p; usleep 200000; wait $p; echo $?
fuser -k -BAD f; echo $?
fuser -l | head -n 2; echo $?
fuser -S f; echo $?
fuser; echo $?
fuser -x f; echo $?
