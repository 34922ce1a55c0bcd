echo a | pipe_progress 2>/dev/null
volname
echo $?
runlevel
echo $?
runlevel nofile
echo $?
wall </dev/null
echo $?
man nothing
echo $?
touch f
readahead f
echo $?
readahead nofile
echo $?
fsync f
echo $?
fsync nofile
echo $?
fsync -d f
users
mesg
echo $?
ttysize
ttysize w
ttysize h
hostid | wc -c
chrt -p 1 | head -n1
chrt -m | head -n 2
chrt -b 0 echo b
chrt -o 0 echo o
chrt -i 0 echo i
chrt
echo $?
chrt -p 99999999
echo $?
