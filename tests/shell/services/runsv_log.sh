mkdir -p a/log
n() { sed 's/pid [0-9]*/pid N/g; s/ [0-9]*s\(,\|;\|$\)/ Ns\1/g'; }
cat >a/run <<'X'
#!/bin/sh
exec 2>&1
for i in 1 2 3; do echo line $i; done
trap 'echo last; exit 0' TERM
while :; do sleep 0.05; done
X
cat >a/log/run <<'X'
#!/bin/sh
pwd | sed 's,.*/\(.*/.*\),\1,' >>../../lines
while read l; do echo "got $l" >>../../lines; done
echo end of input >>../../lines
X
chmod +x a/run a/log/run
runsv a &
usleep 500000
sv status ./a | n
ls a/log/supervise
cat a/supervise/stat a/log/supervise/stat
cat lines
sv status ./a/log | n
sv exit ./a/log; usleep 200000; cat a/log/supervise/stat
sleep 1
sv down ./a/log; usleep 200000; sv status ./a | n
sv up ./a/log; usleep 400000; sv status ./a | n
sleep 1
sv down ./a; usleep 200000; sv status ./a | n
sv up ./a; usleep 300000; sleep 1
kill -TERM $!
wait $!; echo "ended $?"
sleep 0.3; cat lines
sv status ./a
# a log service without its program, and a service without one
mkdir b; runsv b 2>&1 & usleep 300000; sv down ./b; usleep 900000; sv status ./b | n; sv exit ./b; usleep 300000; wait $!; echo $?
mkdir c; echo x >c/log; printf '#!/bin/sh\nsleep 9\n' >c/run; chmod +x c/run
runsv c 2>&1 & usleep 300000; sv status ./c | n; sv exit ./c; wait $!; echo $?
mkdir d; printf 'echo no interpreter\n' >d/run; touch d/down; runsv d 2>&1 & usleep 200000; sv status ./d | n; sv once ./d; sleep 2; chmod +x d/run; sv once ./d; sleep 2; sv exit ./d; wait $!; echo $?
