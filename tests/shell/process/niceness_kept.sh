nice
nice -n 5 nice
nice -n 5 sh -c 'cut -d" " -f18,19 /proc/self/stat; ps -o nice,comm; ps -o pid,stat,args; ps -o pid,user,args'
renice -n 3 -p $$; nice; ps -o pid,nice,stat,comm
renice 7 $$; nice; cut -d' ' -f18,19 /proc/$$/stat
sh -c 'nice; sh -c nice'
nice -n -3 nice
nice -n 99 nice
nice -n 3 sh -c 'renice -n 2 $$; nice; renice -n -4 $$; nice'
su daemon -s /bin/sh -c 'nice -n -20 nice; echo $?; renice -n -3 $$; echo $?; renice 0 $PPID; echo $?'
sleep 5 & sleep 5 & usleep 300000
renice -n 1 -p $! -u root; echo $?
ps -o pid,nice,comm
setsid sh -c 'sleep 3 & usleep 300000; renice -n 4 -g $$; ps -o nice,comm; renice 15 -g $$; echo $?; renice 2 -g 77; echo $?; nice'
