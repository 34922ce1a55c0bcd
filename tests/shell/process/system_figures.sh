# iostat, mpstat and nmeter over files of /proc.
mkdir -p r/bin r/etc r/proc/sys/fs r/proc/net
for name in iostat mpstat nmeter cat; do ln /bin/busybox r/bin/$name; done
cd r/proc
echo 'Linux version 6.1.0' >version
figures() { # FACTOR
    cat >stat.new <<E
cpu  $((1000 * $1)) $((7 * $1)) $((500 * $1)) $((10000 * $1 + 5 * $1 * $1)) 11 2 3 4 50 0
cpu0 $((500 * $1)) $((7 * $1)) $((250 * $1)) $((5000 * $1)) 11 2 3 4 50 0
cpu1 $((500 * $1)) 0 $((250 * $1)) $((5000 * $1)) 0 0 0 0 0 0
cpu2 0 0 0 0 0 0 0 0 0 0
intr $((99999 * $1)) 11 $((3 * $1)) 4
ctxt $((1234567 * $1))
btime 1700000000
processes $((321 * $1))
procs_running 2
E
    mv stat.new stat
    cat >diskstats <<E
   8       0 sda $((100 * $1)) 5 $((2345 * $1)) 6 $((50 * $1 * $1)) 8 $((99999 * $1)) 10 0 11 12
   8       1 sda1 $((90 * $1)) 5 $((2000 * $1)) 6 50 8 9999 10 0 11 12
   7       0 loop0 0 0 0 0 0 0 0 0 0 0 0
 254       0 vda $((7 * $1)) 0 $((64 * $1)) 0 0 0 0 0 0 0 0
   3       1 hda1 5 6 7 8
E
    echo "$((100 * $1)).5$1 200.00" >uptime
    cat >meminfo <<E
MemTotal:        8000000 kB
MemFree:         $((1000000 - 1000 * $1)) kB
Buffers:           12345 kB
Cached:           654321 kB
SwapCached:            0 kB
SwapTotal:       2000000 kB
SwapFree:        1500000 kB
Dirty:               $1 kB
Writeback:             0 kB
Slab:             100000 kB
E
    cat >interrupts.new <<E
           CPU0       CPU1       CPU2
  0:         $((40 * $1))          0          0   IO-APIC   2-edge      timer
  9:          1         $((9 * $1))          0   IO-APIC   9-fasteoi   acpi
NMI:          0          0          0   Non-maskable interrupts
LOC:    $((34567 * $1))      $((4567 * $1))          7   Local timer interrupts
ERR:          0
E
    mv interrupts.new interrupts
    cat >softirqs.new <<E
                    CPU0       CPU1       CPU2
          HI:          0          $1          0
BLOCK_IOPOLL:        $((12 * $1))          5          5
     TASKLET:         $1          0          0
E
    mv softirqs.new softirqs
    echo "0.1 0.2 0.3 2/$((150 * $1)) 99" >loadavg
    echo "$((1000 * $1)) 100 999999" >sys/fs/file-nr
    cat >net/dev <<E
Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo: $((1000 * $1))       5    0    0    0     0          0         0   $((5000 * $1))       5    0    0    0     0       0          0
  eth0: $((1000000 * $1)) 60    $1    0    0     0          0         0  2000000    70    0    0    0     0       0          0
E
}
hide() { sed 's/[0-9][0-9]:[0-9][0-9]:[0-9][0-9]/TT:TT:TT/; s,[0-9][0-9]/[0-9][0-9]/[0-9][0-9],DD/DD/DD,; s/^Linux [^ ]* /Linux R /; s/ *$//'; }
run() { chroot /work/r "/bin/$1" "${@:2}" 2>&1 | hide; }
figures 1
run iostat
run iostat -c
run iostat -d -k
run iostat -d -m ALL
run iostat -t -z -d sda1 hda1 /dev/vda nothing
run iostat -x | grep -c invalid
run iostat -k -m | grep -c Usage
run iostat 0 2
(sleep 0.5; figures 3) & chroot /work/r /bin/iostat -tz 1 2 | hide; wait
figures 1
run mpstat
run mpstat -A
run mpstat -P 0,1
run mpstat -P ALL -u
run mpstat -P 3
run mpstat -P x
run mpstat -I CPU
run mpstat -I SUM -P 1
run mpstat -I SCPU -P ALL
run mpstat -I ALL -u
run mpstat -I NONE | grep -c Usage
run mpstat 0 1 | grep -c Usage
(sleep 0.5; figures 2; sleep 1; figures 5) & chroot /work/r /bin/mpstat -A 1 2 | hide; wait
figures 1
line() { chroot /work/r /bin/nmeter "$@" 2>&1 | head -n 3 | sort -u | cat -v; }
(sleep 0.5; figures 2) & line -d1000 'c %c %5c %[c3] %0c %[c0] i %i %0i %1i %[i2] x %x b %b'; wait
(sleep 0.5; figures 4) & line -d1000 'n%[neth0] %[nlo] %[nnone] m %m %[mf] %[mt] %[md] %[mw] s %s f %f p %p %[pn] %% end'; wait
line -d100 '%t' | sed 's/[0-9]/N/g' | sort -u
line -d100 '%3t %[t6]' | sed 's/[0-9]/N/g' | sort -u
line -d200 '%1T'
chroot /work/r /bin/nmeter -d100 'a%rb%rc' | head -c 12 | cat -v; echo
line -d-1 'literal'
line -d0 ''
line 'x %' | grep -c Usage
line 'x %q' | grep -c Usage
line '%[c' | grep -c Usage
line '%[n]' | grep -c Usage
line | grep -c Usage
line -dx y
rm diskstats; line -d1 %b; run iostat -d
rm uptime; run iostat -d; run mpstat
rm stat; line -d1 %c; run mpstat; run iostat
rm interrupts softirqs; figures 2; rm interrupts softirqs; run mpstat -A
