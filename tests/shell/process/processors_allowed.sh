taskset 1 taskset -p $$ | cut -d: -f1
taskset 1 sh -c 'taskset -p $$; taskset -cp $$; grep Cpus_allowed /proc/self/status; nproc; sh -c "taskset -p \$\$"'
taskset -cp 0 $$ | tail -n 1; echo $?; nproc
taskset -ap $$
taskset -acp 0 $$
taskset -c 0,99 taskset -p $$
taskset -c 0-0:5 taskset -p $$
taskset 0x1 taskset -p $$
