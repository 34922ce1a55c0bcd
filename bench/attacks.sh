#: What bench_containment.py tries, each under its name: a script that a container runs.
#: nothing
sleep 1000
#: fork bomb
:(){ :|:& }; :; sleep 1000
#: fork bomb that waits
b() { b | b; }; b
#: busy loop
while :; do :; done
#: busy loop of programs
while :; do /bin/true; done
#: yes
yes
#: yes to nobody
yes >/dev/null
#: log without end
while :; do echo 0123456789012345678901234567890123456789; done
#: one line without end
cat /dev/zero | tr '\0' x
#: file without end
cat /dev/zero >/tmp/file; echo $?; sleep 1000
#: file without end in memory
cat /dev/zero >/dev/shm/file; echo $?; sleep 1000
#: files without end
i=0; while :; do : >/tmp/$i; i=$((i+1)); done
#: directories without end
while mkdir d && cd d; do :; done; echo $?; sleep 1000
#: deep tree walked
i=0; while [ $i -lt 900 ]; do mkdir d && cd d; i=$((i+1)); done; cd /; find / | wc -l; du -s /d; rm -rf /d; echo $?
#: wide tree walked
mkdir /w; cd /w; seq 1 10000 | xargs touch; ls -l | wc -l; find . -name '*[0-9]*7' | wc -l; du -s; rm -rf /w; echo $?
#: links in a circle
ln -s b a; ln -s a b; cat a; mkdir x; ln -s .. x/y; ls x/y/x/y/x/y/x; find -L . 2>&1 | wc -l; echo $?
#: dd bs=1G
dd if=/dev/zero of=/dev/null bs=1G count=1
#: dd of a hole
dd if=/dev/zero of=/tmp/f bs=1 count=1 seek=1000000000000; wc -c </tmp/f; cat /tmp/f | md5sum
#: string of a gigabyte
x=$(head -c 1073741824 /dev/zero | tr '\0' x)
#: string that doubles
x=aaaaaaaaaa; while true; do x=$x$x; done
#: here-document that doubles
x=0123456789; while :; do x=$(cat <<E
$x$x
E
); done
#: positional parameters that double
set -- a b c d; while :; do set -- "$@" "$@"; done
#: fields without end
x=$(seq 1 1000000); set -- $x; echo $#
#: runaway function
f() { f; }; f
#: runaway function with arguments
f() { local a=$1; f "$@" x; }; f
#: runaway eval
f() { eval f; }; f
#: runaway substitution
f() { x=$(f); }; f
#: runaway subshell
f() { (f); echo; }; f
#: runaway script
printf '#!/bin/sh\n$0\n' >/tmp/s; chmod +x /tmp/s; /tmp/s
#: runaway source
echo '. /tmp/s' >/tmp/s; . /tmp/s
#: runaway arithmetic
x=y; y=x; echo $((x)); x=$(printf '(%.0s' $(seq 50000)); echo $(($x
#: deep arithmetic
x=$(printf '(%.0s' $(seq 20000)); y=$(printf ')%.0s' $(seq 20000)); echo $((${x}1$y))
#: long arithmetic
x=$(printf '1+%.0s' $(seq 100000)); echo $((${x}1))
#: deep parentheses
x=$(printf '(%.0s' $(seq 5000)); y=$(printf ')%.0s' $(seq 5000)); eval "$x:$y"; echo $?
#: deep ifs
x=$(printf 'if :; then %.0s' $(seq 5000)); y=$(printf 'fi;%.0s' $(seq 5000)); eval "$x :; $y"; echo $?
#: deep expansion
x=$(printf '${a-%.0s' $(seq 5000)); y=$(printf '}%.0s' $(seq 5000)); eval "echo $x$y"; echo $?
#: alias in a circle
alias a=b b=a; eval a; eval b
#: grep that explodes
echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab | grep -E '^(a+)+$'
#: grep with back references
echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab | grep -E '^(a*)*(a*)*(a*)*\1\2\3c$'
#: grep with a back reference to a repeated group
head -c 400 /dev/zero | tr '\0' a >/tmp/l; while :; do grep '\(a*\)*\1b' /tmp/l; done
#: sed with a back reference to a repeated group
head -c 400 /dev/zero | tr '\0' a >/tmp/l; while :; do sed 's/\(a*\)*\1b//; /\(a*\)*\1b/d' /tmp/l; done
#: awk with a back reference in every record
yes aaaaaaaaaaa | awk '$0 ~ "^(a*)*\\1\\1c"'
#: grep with many counts
echo aaaa | grep -E '((((a{1,100}){1,100}){1,100}){1,100}){1,100}'
#: sed that explodes
echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab | sed -E 's/^(a|aa)+$/x/'
#: sed in a circle
echo a | sed -e ':x; s/a/aa/; b x'
#: awk that explodes
echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab | awk '/^(a|a?)+$/'
#: expr that explodes
expr aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab : '\(\(a*\)*\)*c'
#: case that explodes
case aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa in *a*a*a*a*a*a*a*a*a*a*a*a*c) ;; esac; echo $?
#: trim that explodes
x=$(printf 'a%.0s' $(seq 20000)); echo ${x##*a*a*a*a*a*b} | wc -c; echo ${x%%b*a*a*a} | wc -c; echo ${x//a*a*b/} | wc -c
#: find -regex that explodes
touch aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab; find . -regex '.*\(a*\)*c'; ls *a*a*a*a*a*a*a*a*a*c
#: glob of everything
cd /; ls -d */*/* */*/*/* /*/../*/../*/../*/../*/../* 2>/dev/null | wc -l
#: ten thousand open files
i=10; while [ $i -lt 10010 ]; do eval "exec $i>/dev/null"; i=$((i+1)); done; echo $i
#: pipes without end
i=10; while :; do eval "exec $i<<E
x
E"; i=$((i+1)); done
#: huge sort
yes | sort
#: sort of a million
seq 1 1000000 | sort -r | tail -n 1
#: uniq, wc, rev of one long line
head -c 20000000 /dev/zero | tr '\0' a >/tmp/l; uniq </tmp/l | wc; rev </tmp/l | tail -c 5; fold </tmp/l | tail -n 1
#: printf of a huge width
printf %1000000000d 1
#: printf of a huge precision
printf %.1000000000f 1
#: awk printf of a huge width
awk 'BEGIN { printf "%1000000000d", 1 }'
#: seq without end
seq 1 1000000000
#: seq counted
seq 1 1000000000 | wc -l
#: brace-like words
echo $(seq 1 300000) | wc -w
#: tr of zeros
tr '\0' x </dev/zero >/dev/null
#: head of a gigabyte
head -c 1000m /dev/zero | md5sum
#: checksums
head -c 100m /dev/zero | sha512sum; head -c 100m /dev/zero | sha3sum; head -c 100m /dev/zero | cksum
#: od of zeros
od -v /dev/zero >/dev/null
#: hexdump of random bytes
hexdump -C /dev/urandom >/dev/null
#: base64 of zeros
base64 /dev/zero >/dev/null
#: awk loop
awk 'BEGIN { while (1) i++ }'
#: awk array
awk 'BEGIN { while (1) a[i++] = i }'
#: awk string
awk 'BEGIN { s = "x"; while (1) s = s s }'
#: awk recursion
awk 'function f(n) { return f(n + 1) } BEGIN { f(0) }'
#: awk split
awk 'BEGIN { s = sprintf("%10000000s", ""); n = split(s, a, ""); print n }'
#: awk gsub
awk 'BEGIN { s = "xx"; while (1) gsub(/x/, "xxxxxxxxxxxxxxxx", s) }'
#: sed hold space that doubles
echo x | sed ':a; G; h; ba'
#: sed without end
echo a | sed ':a; ba'
#: sed over a long line
head -c 5m /dev/zero | tr '\0' a | sed ':a; x; x; y/a/b/; ba'
#: gzip and bzip2 bombs again and again
cd /tmp; head -c 20m /dev/zero >z; gzip -c z >b.gz; bzip2 -c z >b.bz2; while :; do cat b.gz b.gz | zcat | wc -c; cat b.bz2 b.bz2 | bzcat | wc -c; done
#: random bytes packed
cd /tmp; head -c 10m /dev/urandom >r; while :; do gzip -c r | wc -c; bzip2 -c r | wc -c; done
#: gzip bomb
cd /tmp; head -c 50m /dev/zero | gzip >b.gz; ls -l b.gz; zcat b.gz | zcat; zcat b.gz | wc -c; gunzip b.gz; echo $?
#: tar bomb
cd /tmp; head -c 30m /dev/zero >z; tar czf b.tgz z; tar xzOf b.tgz | wc -c; while :; do cat b.tgz; done | tar xz; echo $?
#: bunzip2 and xz
cd /tmp; head -c 20m /dev/zero | bzip2 >b.bz2; bunzip2 -c b.bz2 | wc -c; xzcat /dev/zero; unlzma -c /dev/zero; echo $?
#: xargs -P
yes | xargs -P 1000 -n 1 sleep
#: background jobs without end
while :; do sleep 100 & done
#: zombies without end
while :; do (:) & done
#: kill -9 -1 in a loop
while :; do kill -9 -1; done
#: traps in a circle
trap 'kill -USR1 $$' USR1; kill -USR1 $$; echo end
#: sleep 0
while :; do sleep 0; done
#: usleep 1
while :; do usleep 1; done
#: watch -n 0
watch -n 0.1 echo x
#: sockets without end
while :; do nc -l -p 0 & done
#: connections without end
nc -lk -p 99 -e cat & while :; do echo x | nc 127.0.0.1 99 & done
#: pings without end
while :; do ping -c 1 127.0.0.1; done
#: diff of large files
seq 1 20000 >a; seq 1 20000 | sort >b; diff a b | wc -l
#: dc and bc
echo '2 100000000 ^ p' | dc; echo '2^100000000' | bc; echo '9 9 9 ^ ^ p' | dc
#: factor
factor 18446744073709551557 18446744073709551533; echo $?
#: cal and date loops
while :; do cal >/dev/null; date >/dev/null; done
#: ls and ps in a loop
for i in $(seq 1 300); do sleep 100 & done; while :; do ps >/dev/null; ls -laR / >/dev/null; done
#: a log that is followed
yes 0123456789 >/tmp/l & tail -f /tmp/l
#: shuf and split
shuf -i 1-100000000 | head -n 1; cd /tmp; yes | split -l 1
#: patch and cmp
cd /tmp; head -c 10m /dev/zero >a; head -c 10m /dev/zero >b; echo x >>b; cmp a b; strings /dev/zero
#: ed with substitutions in a circle
cd /tmp; yes aaaaaaaaaaaaaaaaaaaa | head -n 20000 >f; (while :; do echo ',s/a/bb/g'; echo ',s/bb/a/g'; done) | ed f
#: ed with lines that double
cd /tmp; echo aaaaaaaa >f; (while :; do echo 's/.*/&&/'; done) | ed f
#: ed with a huge file
cd /tmp; yes | head -c 12m >f; (echo ',n'; echo 'g/y/s//x/'; echo 'v/x/d'; echo w; while :; do echo '1,$p'; done) | ed f | tail -n 1
#: ed with a back reference in every line
cd /tmp; yes aaaaaaaaaaaaaaaaaaaaaaaaaaaa | head -n 5000 >f; (while :; do echo 'g/\(a*\)*\(a*\)*\1\2b/d'; done) | ed f
#: vi with a substitution in 12 MB
cd /tmp; yes abc | head -c 12m >f; (printf ':%%s/b/xyz/g\n:%%s/xyz/b/g\n:wq\n'; sleep 1000) | vi f >/dev/null; echo $?
#: vi with a line of 10 MB
cd /tmp; head -c 10m /dev/zero | tr '\0' a >f; (printf '$x0x:s/a/bb/g\nuG$yyppppp:set list\n:set nu\n'; yes l) | vi f >/dev/null; echo $?
#: vi with counts and repetitions without end
cd /tmp; (printf '99999999iabc\033'; printf '9999999p9999999.9999999u'; yes '999999999p.u999999j') | vi f >/dev/null; echo $?
#: vi with a search that explodes
cd /tmp; yes aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa | head -n 5000 >f; yes '/\(a*\)*\(a*\)*\1\2b' | vi f >/dev/null; echo $?
#: less on an endless pipe
yes | less
#: less that seeks an endless pipe's end
(yes G; sleep 1000) >/tmp/k & yes | less +G >/dev/null; yes | less -N +/nothing; yes | less -S -M
#: less with a line of 10 MB
head -c 10m /dev/zero | tr '\0' a >/tmp/f; less /tmp/f | tail -c 1; less -N /tmp/f | tail -c 1; while :; do less /tmp/f >/dev/null; done
#: more on an endless pipe
yes | more | more >/dev/null
#: syslogd flooded
syslogd -C64; while :; do logger -t flood 0123456789012345678901234567890123456789; done
#: syslogd flooded from a pipe
syslogd; yes 0123456789012345678901234567890123456789 | logger
#: syslogd flooded without rotation
syslogd -s 0 -O /tmp/log; yes 0123456789012345678901234567890123456789 | logger; echo $?
#: logread -f
syslogd -C1024; logread -f & logread -f >/dev/null & yes 0123456789012345678901234567890123456789 | logger
#: xxd of zeros
xxd /dev/zero >/dev/null
#: xxd of one long row
xxd -p -c 0 /dev/zero >/dev/null & xxd -c 256 -g 1 /dev/urandom >/dev/null
#: xxd back
yes 00000000: 6161 | xxd -r >/dev/null & printf 'ffffffffffff: 61\n' | xxd -r | wc -c; yes 61 | xxd -r -p >/dev/null
#: hexdump with formats
hexdump -v -e '1000000/1 "%02x" "\n"' /dev/zero >/dev/null & hexdump -v -e '1/1 "%1000000d"' /dev/zero >/dev/null
#: base64 back
base64 /dev/zero | base64 -d >/dev/null & base32 /dev/zero | base32 -d >/dev/null & uuencode x </dev/zero | uudecode -o /dev/null
#: gzip of zeros
gzip </dev/zero >/dev/null
#: gzip of zeros through zcat
gzip </dev/zero | zcat | gzip | zcat >/dev/null
#: bzip2 of random bytes
bzip2 </dev/urandom | bzcat >/dev/null
#: bzip2 of what is slow to sort
head -c 40000 /dev/urandom >/tmp/r; while cat /tmp/r; do :; done | bzip2 -3 >/dev/null
#: tar without end
truncate -s 1000g /tmp/hole; tar cz -C /tmp hole | tar xzO | tar c /proc/self/fd/0 | wc -c
#: tar of a name without end
cd /tmp; { printf '././@LongLink'; head -c 112 /dev/zero; printf '77777777777'; } >h; cat h /dev/zero | tar t; cat /dev/zero | tar x; yes | tar t; echo $?
#: lzma of a huge dictionary
printf ']\0\0\0\377\377\377\377\377\377\377\377\377' >/tmp/l; cat /tmp/l /dev/zero | unlzma >/dev/null; cat /tmp/l /dev/urandom | unlzma; echo $?
#: find -regex over many files
mkdir /w; cd /w; seq 1 5000 | sed 's/^/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/' | xargs touch; while :; do find . -regex './\(a*\)*\(a*\)*\1\2b'; done
#: find -regex, nested
cd /tmp; touch $(printf 'a%.0s' $(seq 200)); while :; do find . -regex './\(\(\(a*\)*\)*\)*b' -o -regex './\(a\|aa\)*\(a\|aa\)*\1b'; done
#: find -exec in a circle
find / -exec find / ';' >/dev/null
#: deep folders named, copied, packed
i=0; while [ $i -lt 900 ]; do mkdir d && cd d; i=$((i+1)); done; cd /; cp -r d e; tree d | wc -l; ls -R d | wc -l; tar cz d | tar tz | wc -l; chmod -R 700 d; diff -r d e; mv d e; rm -r e; echo $?
#: deep folders without end
while mkdir dddddddddd && cd dddddddddd; do pwd >/dev/null; ls -la .. >/dev/null; done; echo $?; realpath . | wc -c; sleep 1000
#: telnet, ftp and scripts of terminals
yes | telnet 127.0.0.1 1; while :; do stty -a; tty; done
#: crond
mkdir -p /var/spool/cron/crontabs; yes '* * * * * yes' | head -n 20000 >/var/spool/cron/crontabs/root; crond -f -d 0
#: start-stop-daemon
while :; do start-stop-daemon -S -b -x /bin/sleep -- 1000; done
#: witnessed: yes
yes
#: witnessed: busy loop
while :; do :; done
#: witnessed: string that doubles
x=aaaaaaaaaa; while true; do x=$x$x; done
#: witnessed: fork bomb
:(){ :|:& }; :; sleep 1000
