dmesg; echo $?
dmesg -n x; echo $?
dmesg -s x; echo $?
dmesg -n 3; echo $?
dmesg -c; echo $?
dmesg -r -s 100; echo $?
