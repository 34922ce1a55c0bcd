# script runs a program on a terminal of its own, and keeps what it shows.
script -c 'tty; ls /dev/pts | cat; echo hi; ps -o tty,args | grep "[p]s -o" | tr -s " "' out
echo $?
cat -v out
script -q -a -c 'echo more; exit 3' out
echo $?
cat -v out
script -q -c 'echo anew' out </dev/null
cat -v out
cat -v typescript 2>&1
echo 'echo typed; stty -echo; echo two
tty; exit 4' | script -q
echo $?
grep -c typed typescript
script -q -ttimes -c 'echo one; sleep 0.5; printf "two\nthree"; sleep 0.5; echo' typescript
cut -d' ' -f2 times
scriptreplay times typescript 1000 | cat -v
script -t -q -c 'printf abc; sleep 0.3' typescript 2>&1 | sed 's/^[-0-9.]* / N /' | cat -v
script --quiet --flush --append --command 'echo long; sleep 0.3' --timing=t2 typescript
cut -d' ' -f2 t2
tail -n 1 typescript
SHELL=/bin/nothing script -q x </dev/null
SHELL=/bin/echo script -c 'word and more' x
SHELL= script -f -q -c 'echo $0' x
script -q -c true /nowhere/x
echo $?
script -q -t/nowhere/x
echo $?
script -q -c 'kill -9 $$' x
echo $?
script -q -c 'sleep 100 & echo left' x
echo $?
script -q -c 'head -c 100000 /dev/zero | tr "\0" x; echo; echo end' x | tail -c 20
wc -c <x
script -q -c 'stty -a; stty size; stty rows 7 cols 90; stty size; stty -a | head -n 1; LINES=9 stty size; stty rows 0; COLUMNS=40 stty' x
ls -l /dev/ptmx | cut -c1-10
ls -l /dev/pts | cut -c1-25
cat /dev/ptmx >/dev/null &
sleep 0.2
ls /dev/pts
kill $!
wait
ls /dev/pts
script -q -c 'script -q -c "tty; ls /dev/pts | tr \"\n\" \" \"" y; tty' x
(exec 3<>/dev/ptmx; sh -c 'echo slave; read a; echo "got $a"' >/dev/pts/0 </dev/pts/0 & sleep 0.2; echo typed >&3; sleep 0.2; timeout 1 head -n 4 <&3 | cat -v)
(exec 3<>/dev/ptmx; echo 'nobody there' >&3; timeout 1 cat <&3 | cat -v)
setsid sh -c 'exec 3<>/dev/ptmx </dev/pts/0; echo shown >/dev/tty; head -n 1 <&3'
echo $?
