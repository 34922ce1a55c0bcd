# Programs with one thread each are the same with -T and without.
sleep 5 &
sleep 0.2
ps -o ppid,comm >a
ps -T -o ppid,comm >b
cmp a b; echo $?
ps -T | head -n 1
ls /proc/self/task | wc -l
grep Threads /proc/self/status
