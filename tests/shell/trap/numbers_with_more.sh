# A signal's number ends at whatever is no letter.
trap '' 0x; echo $?
trap a 5- '1 ' 2_ 3. 15:x; echo $?
trap a 5x 0x2 1e2 65 ' 1' +1; echo $?
trap
kill -s 0. $$; echo $?; kill -0x $$; echo $?; /bin/kill -s 0. $$; echo $?
