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
