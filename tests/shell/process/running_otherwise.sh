timeout 0.2 sleep 5
echo $?
timeout 1 true
echo $?
timeout -s USR1 0.2 sleep 5
echo $?
timeout -k 1 0.2 sleep 5
echo $?
timeout x true
echo $?
timeout
echo $?
timeout 1 nocmd
echo $?
timeout -s BAD 1 true
echo $?
timeout 1 sh -c 'exit 3'
echo $?
nice -n 3 nice
nice nice
nice -n 50 nice
nice -5 nice
nice -n x true
echo $?
nice nocmd
echo $?
nice -n
echo $?
nice --5 nice; echo $?
nohup echo hi
echo $?
nohup nocmd
echo $?
nohup
echo $?
setsid echo hi
setsid -c echo c </dev/null
echo $?
setsid
echo $?
setsid nocmd
echo $?
time -p true 2>&1 | cut -c1-5
time -f '%C %x' sh -c 'exit 3'
echo $?
time -o tf -f x true
cat tf
time -a -o tf -f y true
cat tf
time nocmd
echo $?
time
echo $?
env time -p false 2>&1 | head -n 1
taskset 1 echo t
taskset -c 0 echo c
taskset -p $$ | cut -c1-4
taskset
echo $?
taskset -p 1 $$ | wc -l
taskset x true
echo $?
taskset -pc $$ | wc -l
ionice true
ionice -c 3 echo i
ionice -c 2 -n 4 echo j
ionice -t -c 9 true
echo $?
ionice -p $$
renice 5 $$ >/dev/null
echo $?
renice -n 1 -p $$
echo $?
renice
echo $?
renice x 1
echo $?
renice 1 -u nouser
echo $?
renice 1 99999
echo $?
chroot / echo r
chroot /nodir ls
echo $?
chroot
echo $?
printf 'a\n' | env -u A cat
watch -n x true
echo $?
usleep x
echo $?
