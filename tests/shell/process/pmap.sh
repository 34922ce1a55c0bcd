# pmap and top -m over files of /proc.
mkdir -p r/bin r/proc/7 r/proc/123456 r/proc/9
for name in pmap top; do ln /bin/busybox r/bin/$name; done
cd r/proc
printf '/bin/some\0-x\0an argument\0' >7/cmdline
cat >7/smaps <<E
00400000-00401000 r--p 00000000 fe:00 1234                               /bin/some file
Size:                  4 kB
Rss:                   4 kB
Pss:                   1 kB
Shared_Clean:          4 kB
Private_Dirty:         0 kB
Swap:                  3 kB
00401000-00480000 r-xp 00001000 fe:00 1234                               /bin/some file
Pss:                  77 kB
Private_Dirty:         5 kB
01b34000-01b34000 rw-p 00000000 00:00 0
Pss:                   9 kB
7f0000000000-7f0000100000 rw-s 00000000 00:01 77                         /dev/zero
Pss:                  99 kB
Private_Dirty:        99 kB
Swap:                 12 kB
7f0000200000-7f0001000000 ---p 00000000 00:00 0 
7ffe00000000-7ffe00021000 rw-p 00000000 00:00 0                          [stack]
Private_Dirty:         8 kB
VmFlags: rd wr mr mw me gd ac
E
: >9/smaps
printf 'long%s ' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 >123456/cmdline
cp 7/smaps 123456
for pid in 7 9 123456; do echo "$pid (some) S 1 1 1 0 -1 0 0 0 0 0 $pid 0 0 0 20 0 1 0 100 100000 50 0 1 1 0 0 0 0 0 0 0 0 0 0 17 1 0 0" >$pid/stat; done
echo 'MemTotal: 1000 kB' >meminfo
run() { chroot /work/r "$@"; echo $?; }
run pmap 7
run pmap -x 7 9
run pmap -q 7
run pmap -xq 123456 8
run pmap 8
run pmap x
run pmap -1 2>&1 | head -n 1
run pmap 2>&1 | grep -c Usage
run top -b -m -n 1
