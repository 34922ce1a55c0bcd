u() { "$@" 2>&1 | grep -v multi-call; "$@" >/dev/null 2>&1; echo "= $?"; }
n() { sed 's/pid [0-9]*/pid N/g; s/ [0-9]*s\(,\|;\|$\)/ Ns\1/g'; }
make() { mkdir -p $1; printf '#!/bin/sh\ntrap "echo %s ends; exit 0" TERM\necho %s begins\nwhile :; do sleep 0.05; done\n' $1 $1 >$1/run; chmod +x $1/run; }
mkdir s .x; cd s; make a; make b; mkdir .hidden; echo file >file; ln -s nowhere broken; cd ..
cat >tell <<'X'
#!/bin/sh
echo "told of $*"
X
chmod +x tell
runsvdir -P -s ./tell s >>log 2>&1 &
sleep 3
sv status ./s/a ./s/b | n
sort log | uniq -c | sed 's/^ *//'
test "$(awk '{print $6}' /proc/$(pidof runsv | cut -d' ' -f1)/stat)" = "$(pidof runsv | cut -d' ' -f1)" && echo its own session
cd s; rm broken; make c; mv b .b; cd ..
: >log
sleep 7
sv status ./s/c | n; cat s/.b/supervise/stat; sort log
kill -9 $(pidof runsv) ; sleep 7; pidof runsv | wc -w
kill -HUP $!; wait $!; echo $?
sleep 1
sort log | grep -v begins
pidof runsv; echo $?
runsvdir s >log 2>/dev/null & sleep 2; kill -TERM $!; wait $!; echo $?; pidof runsv | wc -w; killall runsv; sleep 1; sort log
runsvdir nowhere 2>err & sleep 2; kill $!; wait $!; echo $?; uniq err
u runsvdir
u runsvdir -q s
