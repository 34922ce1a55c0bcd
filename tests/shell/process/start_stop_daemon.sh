start-stop-daemon -S -b -m -p d.pid -x /bin/sleep -- 9
echo $?
kill -0 $(cat d.pid) && echo runs
start-stop-daemon -S -b -m -p d.pid -x /bin/sleep -- 9
echo $?
start-stop-daemon -S -o -b -p d.pid -x /bin/sleep -- 9
echo $?
start-stop-daemon -K -t -p d.pid
echo $?
start-stop-daemon -K -p d.pid
echo $?
sleep 0.1
kill -0 $(cat d.pid) 2>/dev/null || echo gone
start-stop-daemon -K -p d.pid
echo $?
start-stop-daemon -K -o -p d.pid
echo $?
start-stop-daemon -K -q -p d.pid
echo $?
start-stop-daemon -S -x /bin/echo -- hi there
start-stop-daemon -S -a myname -x /bin/cat -- /proc/self/cmdline | tr '\0' ' '
echo
start-stop-daemon -S -d /tmp -x /bin/pwd
start-stop-daemon -S -c daemon -x /usr/bin/id -- -u
start-stop-daemon -S -c 1:2 -x /bin/id
start-stop-daemon -S -x /bin/nofile
echo $?
start-stop-daemon
echo $?
start-stop-daemon -S
echo $?
start-stop-daemon -K
echo $?
start-stop-daemon -S -K -x /bin/ls
echo $?
sleep 5 & start-stop-daemon -K -n sleep -s KILL
echo $?
wait
sleep 5 & start-stop-daemon -K -x /bin/sleep -v
echo $?
wait 2>/dev/null
start-stop-daemon -S -v -x /bin/true
start-stop-daemon -K -v -n nothing
echo $?
start-stop-daemon -K -u daemon
echo $?
start-stop-daemon -S -O log -b -x /bin/echo -- logged
sleep 0.2
cat log
start-stop-daemon -S -m -p p2 -x /bin/true
test -s p2 && echo pid
start-stop-daemon -K -s BADSIG -n x
echo $?
start-stop-daemon -S -u nouser -x /bin/true
echo $?
echo garbage >bad
start-stop-daemon -K -p bad
echo $?
start-stop-daemon -S -m -x /bin/true
echo $?
start-stop-daemon -S -N 5 -x /bin/true
start-stop-daemon -S -a x -n y
echo $?
start-stop-daemon --start --exec /bin/echo -- long
start-stop-daemon --stop --test --name none
echo $?
start-stop-daemon -S -p nopid -x /bin/echo -- p
