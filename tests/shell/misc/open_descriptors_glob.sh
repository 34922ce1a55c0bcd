echo 'ls /proc/$$/fd' | sh; ls /proc/self/fd | cat; cat /dev/fd/0 <<E
x
E
for i in /proc/self/fd/*; do echo $i; done; x=$(sleep 0.2; ls /proc/$$/fd); echo $x; x=$(ls /proc/self/fd); echo $x
