uname -s -n
uname -i
uname -p
uname -o
uname -x
echo $?
arch
nproc --ignore=100
nproc --all | wc -l
hostname
hostname -s
hostname -F nofile
echo $?
id
id -u
id -un
id -g
id -gn
id -G
id -Gn
id -r
echo $?
id -ur
id -gr
id -Gr
id -unr
id root
id nouser
echo $?
id -u daemon
groups
groups daemon
tty </dev/null
echo $?
tty -s </dev/null
echo $?
whoami
whoami x
echo $?
sync
sync -d f
echo $?
touch f
sync f
sync -d f
sync -f f
sync -df f
echo $?
usleep 1
usleep
echo $?
sleep 0.01
sleep
echo $?
sleep x
echo $?
sleep 0s 0m
clear | od -c | head -n 1
false
echo $?
yes | head -n 2
yes a b | head -n 1
mountpoint /proc
mountpoint -q /
echo $?
mountpoint /nodir
echo $?
mountpoint -q /nodir
echo $?
mountpoint
echo $?
mountpoint -d / >/dev/null
echo $?
mountpoint -x f
echo $?
mountpoint -q -n /proc | wc -l
