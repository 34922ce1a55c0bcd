sleep 5 & a=$!
sleep 6 & b=$!
pidof sleep | wc -w
pidof -s sleep | wc -w
pidof -o $a sleep | wc -w
pidof nothing
echo $?
pgrep sleep | wc -l
pgrep -f 'sleep 5' | wc -l
pgrep -x slee
echo $?
pgrep -l sleep | cut -d' ' -f2
pgrep -n sleep | wc -l
pgrep -o sleep | wc -l
pgrep -v sleep | wc -l | tr -d 0-9
pgrep -a sleep | cut -d' ' -f2-
pgrep -P 1 | wc -l
pgrep -s 0 sleep | wc -l
pgrep
echo $?
pgrep '('
echo $?
kill -0 $a
echo $?
kill -l 15
kill -l TERM
kill -l | head -n 3
killall -q nothing
echo $?
killall nothing
echo $?
killall -l | head -n 2
killall -s USR1 nothing
echo $?
pkill -f 'sleep 5'
echo $?
wait $a 2>/dev/null
echo $?
killall -TERM sleep
echo $?
wait $b 2>/dev/null
echo $?
pkill nothing
echo $?
kill
echo $?
kill -BAD 1
echo $?
kill abc
echo $?
kill -s 0 $$
echo $?
killall
echo $?
killall -BAD x
echo $?
pkill -x
echo $?
kill 99999
echo $?
pidof
echo $?
sleep 4 & pkill -n -x -INT sleep
echo $?
sleep 4 & pkill -o -P $$ sleep
wait $!
echo $?
