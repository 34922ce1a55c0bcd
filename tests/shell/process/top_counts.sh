# What top makes of files of /proc that change, in batches.
mkdir -p r/bin r/etc r/proc
ln /bin/busybox r/bin/top
cp /etc/passwd r/etc
cd r/proc
put() { # PID NAME PARENT TICKS KB NICE
    mkdir -p $1/task/$1 $1/task/$(($1 + 100000))
    echo "$1 ($2) R $3 $1 $1 0 -1 4194560 100 0 0 0 $4 $(($4 / 2)) 0 0 20 $6 2 0 100 $(($5 * 1024)) 50 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 1 0 0" >$1/stat.new
    cp $1/stat.new $1/task/$1/stat
    sed "s/^$1/$(($1 + 100000))/; s/ 100 0 0 0 / 100 0 0 0 1/" $1/stat.new >$1/task/$(($1 + 100000))/stat
    mv $1/stat.new $1/stat
    printf "$2\0" >$1/cmdline
}
figures() { # FACTOR
    echo "MemTotal: 4000000 kB
MemFree: $((1000 * $1)) kB
Shmem: 10 kB
Buffers: 20 kB" >meminfo.new
    mv meminfo.new meminfo
    put 1 init 0 $((10 * $1)) 1000 0
    put 22 sh 1 $((30 * $1)) 2000 1
    put 123456 much 22 $((3000 * $1 * $1)) 120000 0
    put 4123456 most 1234567 $((100 * $1)) 3000000 -5
    put 99 '' 1 $((7 + $1)) 0 0
    echo "cpu  $((1000 * $1)) $((7 * $1)) $((500 * $1)) $((10000 * $1 + 5 * $1 * $1)) 1 2 3 0 0 0
cpu0 $((500 * $1)) $((7 * $1)) $((250 * $1)) $((5000 * $1)) 1 2 3 0 0 0
cpu1 $((500 * $1)) 0 $((250 * $1)) $((5000 * $1)) 0 0 0 0 0 0" >stat.new
    mv stat.new stat
}
echo '1.10 0.20 0.30 1/99 4242' >loadavg
figures 1
(sleep 1; figures 2; sleep 2; figures 5) &
chroot /work/r /bin/top b n 3 d 2
wait
echo status $?
figures 1
(sleep 1; figures 3) &
chroot /work/r /bin/top -b -H -n2 -d 2
wait
chroot /work/r /bin/top -n 1 </dev/null
echo 1ctm | chroot /work/r /bin/top -n 1 | cat -v
echo nq | chroot /work/r /bin/top; echo
