taskset -p 1 $$ >/dev/null
taskset -c 999 true; echo $?
taskset 0 true; echo $?
taskset '' true; echo $?
taskset -p 0 $$; echo $?
taskset -p zz $$; echo $?
taskset -c 1-0 true; echo $?
taskset -c 0, true; echo $?
taskset -c 0-3:0 true; echo $?
taskset -cp 1-x $$; echo $?
taskset 0x3,1 true; echo $?
taskset -p 1 9999; echo $?
taskset -p 0; echo $?
taskset -p 2>&1 | head -n 3
taskset 3 2>&1 | head -n 3
sleep 3 &
su daemon -s /bin/sh -c "taskset -p 1 $!; chrt -pb 0 $!; ionice -c 3 -p $!; renice 3 $!; chpst -n -3 nice"
