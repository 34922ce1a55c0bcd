u() { "$@" 2>&1 | grep -v multi-call; "$@" >/dev/null 2>&1; echo "= $?"; }
t() { sed 's/@4[0-9a-f]\{23\}/@TAI/g; s/[0-9]*-[0-9]*-[0-9]*\([_T]\)[0-9:.]*/DATE\1/'; }
mkdir a b c
printf 'one\ntwo\nthree' | svlogd -v a; echo $?
cat a/current; stat -c '%a %n' a/*
printf 'four\n' | svlogd -vv a b 2>&1; cat a/current b/current
echo stamped | svlogd -t c; t <c/current; wc -c <c/current
echo stamped | svlogd -tt c; t <c/current
echo stamped | svlogd -ttt c; t <c/current; wc -c <c/current
printf 'a\tb\001c\303\244d~e\n' >odd
rm b/current; svlogd -r _ b <odd; cat b/current
rm b/current; svlogd -r . -R abc b <odd; cat b/current
rm b/current; svlogd -R ~e b <odd; cat b/current
u svlogd
u svlogd -r xx a
u svlogd -r '' a
svlogd -l 999 a; echo $?
svlogd -l x a; echo $?
svlogd -b x a </dev/null; echo $?
u svlogd -q a
svlogd nowhere </dev/null; echo $?
echo x | svlogd nowhere a; echo $?; tail -n 1 a/current
(sleep 0.5) | svlogd -v b & usleep 200000; svlogd -v b </dev/null; echo $?; echo y | svlogd b a; tail -n1 a/current; wait
# patterns
mkdir p; printf -- '-*\n+err*\n+a+b\n\nex*\n' >p/config
printf 'err one\nother\nab\naab\nabc\nxray\nb\n' | svlogd -v p 2>&1; cat p/current
printf -- '-*: *: pid *\n' >p/config; rm p/current
printf 'tcpsvd: info: pid 1977 from\ntcpsvd: info: pod\nx\n' | svlogd p; cat p/current
printf -- '-*pid*\n+\nE*\nexx\n' >p/config; rm p/current
printf 'p pid\ntcpsvd: info: pid 1977\n\nxx\n' | svlogd p; cat p/current
printf -- '-a\n' >p/config; rm p/current; printf 'a\nb\n' | svlogd p; cat p/current
# sizes
mkdir r; printf 's1500\nn2\n' >r/config
i=0; while [ $i -lt 120 ]; do echo "line number $i of many lines"; i=$((i+1)); usleep 100; done | svlogd -v r 2>&1 | t | uniq -c
ls r | t | sort | uniq -c; stat -c %a r/@* | uniq
tail -n 1 r/current
printf 'n\n' >r/config; svlogd r </dev/null; echo $?
printf 'sx\n' >r/config; svlogd r </dev/null; echo $?
printf 's10k\n# comment\n' >r/config; head -c 3000 /dev/zero | tr '\0' x | svlogd -v r 2>&1 | t; wc -c <r/current
printf 's1m\nN3\nt5m\n' >r/config; svlogd -v r </dev/null; echo $?
