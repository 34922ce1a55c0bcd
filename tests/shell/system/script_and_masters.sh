# Masters of terminals: locked until unlocked, bounded, and gone with whoever made them.
(exec 3<>/dev/ptmx; echo locked >/dev/pts/0; echo $?; timeout 1 yes >&3; echo $?; timeout 1 head -c 12 <&3 | cat -v)
(exec 3<>/dev/ptmx 4<>/dev/ptmx; ls /dev/pts; exec 3>&-; ls /dev/pts; exec 3<>/dev/ptmx; ls /dev/pts)
ls /dev/pts
(exec 3<>/dev/ptmx; readlink /proc/self/fd/3; stty rows 5 columns 70 <&3; stty size <&3; tty <&3)
script -q -c 'exec 3<>/dev/ptmx; stty -a <&3 | tail -n 2; exec 3>&-; nohup sleep 50 & sleep 0.2; ps -o args | grep "[s]leep 50"' x
sleep 0.3
ps -o args | grep -c '[s]leep 50'
script -q -c 'trap "echo hup >h" HUP; (trap "" HUP; sleep 0.5; echo child >c; echo lost) & cat' x </dev/null &
p=$!
sleep 0.2
kill -9 $p
sleep 1
cat h c
stat -c '%F %t %T %a %u %g' /dev/pts/ptmx
