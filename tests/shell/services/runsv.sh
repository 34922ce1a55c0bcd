mkdir -p a/control
n() { sed 's/pid [0-9]*/pid N/g; s/ [0-9]*s\(,\|;\|$\)/ Ns\1/g'; }
s() { sv status ./a | n; cat a/supervise/stat; }
cat >a/run <<'X'
#!/bin/sh
echo started
trap 'echo term; exit 3' TERM
trap 'echo hup' HUP
trap 'echo int' INT
trap 'echo quit' QUIT
trap 'echo usr1' USR1
trap 'echo usr2' USR2
trap 'echo alrm' ALRM
while :; do sleep 0.05; done
X
cat >a/finish <<'X'
#!/bin/sh
echo "finish $*"
X
chmod +x a/run a/finish
sv status ./a; echo $?
runsv a >log 2>&1 &
usleep 400000
ls a/supervise; stat -c '%a %F' a/supervise a/supervise/*
wc -c <a/supervise/status
kill -0 $(cat a/supervise/pid) && echo alive
s
svok ./a; echo $?
runsv a; echo $?
for c in hup int quit alarm 1 2; do sv $c ./a; echo $?; usleep 150000; done
cat log
sv pause ./a; usleep 100000; s; grep State /proc/$(cat a/supervise/pid)/status
sv cont ./a; usleep 100000; s
sleep 1
sv -v term ./a | n; usleep 300000; s
tail -n 3 log
sleep 1
sv down ./a; usleep 300000; s
sv down ./a; echo $?
sv once ./a; usleep 200000; s
sv kill ./a; usleep 300000; s
tail -n 2 log
sv start ./a | n; echo $?
touch a/down; s; rm a/down
cat >a/control/t <<'X'
#!/bin/sh
echo control t in $(pwd | sed 's,.*/,,')
X
chmod +x a/control/t
sv term ./a; usleep 200000; s
printf '#!/bin/sh\nusleep 200000; echo control d; exit 1\n' >a/control/d; chmod +x a/control/d
rm a/control/t
sleep 1
sv stop ./a | n; s
tail -n 5 log
sv up ./a; usleep 300000
sleep 1
sv exit ./a; usleep 400000; s
cat a/supervise/stat
tail -n 3 log
sv status ./a; echo $?
wait; echo $?
