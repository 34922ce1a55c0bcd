u() { "$@" 2>&1 | grep -v multi-call; "$@" >/dev/null 2>&1; echo "= $?"; }
n() { sed 's/pid [0-9]*/pid N/g; s/ [0-9]*s\(,\|;\|$\)/ Ns\1/g'; }
mkdir -p s/a s/b s/c s/none
for x in a b c; do printf '#!/bin/sh\ntrap "exit 0" TERM\nwhile :; do sleep 0.05; done\n' >s/$x/run; chmod +x s/$x/run; done
printf '#!/bin/sh\ntrap "" TERM\nwhile :; do sleep 0.05; done\n' >s/b/run
printf '#!/bin/sh\ntest -e ../../good\n' >s/a/check; chmod +x s/a/check
printf 'junk\n' >s/c/check
touch s/c/down
cd s; for x in a b c; do runsv $x & done; cd ..
usleep 400000
export SVDIR=$PWD/s
t() { sv "$@" 2>&1 | n | uniq; sv "$@" >/dev/null 2>&1; echo "= $?"; }
t status a b c none nowhere
t st a
t -w 1 check a
t -w 1 check b
t check c
touch good
t check a b c
t -w 1 start a
t -w 1 start a b
t -w 1 stop a b
sv kill b; usleep 300000
t -w 2 status a b
sleep 1
t -w 2 start a b c
chmod +x s/c/check; rm s/c/check
t -w 2 start c
sleep 1
sv -w 3 restart a | n
sleep 1
sv -w 1 restart b | n; echo $?
sv -w 3 force-restart a | n
sleep 1
sv -w 1 force-stop b | n; usleep 200000; sv status b | n
sv -w 3 try-restart a | n
sleep 1
sv -v -w 2 down a | n
sleep 2
sv -v -w 2 once a | n
sleep 1
sv -v pause a | n
sv -v cont a | n
sv up a; usleep 300000
sv -v up a | n
sv reload a | n
sv -w 3 D a | n
sv -w 3 T c | n
sleep 1
sv -v -w 2 hup nowhere none | n
u sv
u sv status
u sv bad a
u sv rubbish a
u sv forward a
sv -w x status a; echo $?
SVWAIT=x sv status a; echo $?
SVWAIT=1 sv stop b | n
u sv -q status a
u svc
u svc -u
u svc s/a
svc -u ./s/a; echo $?
svc -d -k ./s/a ./s/b; echo $?; usleep 300000; sv status a b | n
svc -dx ./nope; echo $?
u svc -q ./nope
u svok
u svok a
svok ./s/a; echo $?
svok ./s/none; echo $?
svok ./s/nope; echo $?
sleep 1
sv -w 3 shutdown a; echo $?
sv -w 3 exit b; svc -x ./s/c; echo $?
wait; echo done
sv e a; echo $?
