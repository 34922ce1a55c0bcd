printf 'a b\n' >f
grep -c a f
sha1sum -c /dev/null
sha256sum f >s
sha256sum -c s
sha256sum -cs s
echo $?
sha256sum -cw s
sha512sum f >t
sha512sum -cw t
sha512sum -s -c t
echo $?
sha3sum f >u
sha3sum -c u
sha3sum -cs u
echo $?
sha3sum -cw u
sha1sum f >v
sha1sum -cw v
sha1sum -sc v
su -l -s /bin/sh root -c 'echo $HOME; pwd'
su -p -c 'echo p' root
logger -s -t tag hello
logger -p user.err -t x hi
echo $?
echo piped | logger -s -t p
logger -p bad.x hi
echo $?
last
echo $?
who
who -a | wc -l
who -H
w | wc -l
nproc --ignore=500
install -c f g
install -g daemon f h
stat -c %g h
run-parts --list /nodir
echo $?
mkdir rp
printf '#!/bin/sh\necho run $1; umask' >rp/a
chmod +x rp/a
run-parts -u 077 -a arg rp
run-parts --list rp
sysctl -n kernel.hostname
sysctl -w nothing=1
echo $?
sysctl nothing
echo $?
sysctl -e nothing
echo $?
sysctl -p nofile
echo $?
top -b -n 1 | head -n 4 | cut -c1-4
top -b -d 1 -n 1 -H | wc -l | grep -c .
df /proc | head -n 1
df -P /proc | head -n 1
df -k nofile
echo $?
df -h /proc | head -n 1
df -m /proc | head -n 1
df -P -k /proc | head -n 1
df -T /proc | head -n 1
df -a | head -n 1
df -t nofs | head -n 1
free | head -n 1
free -m | wc -l
free -b | tail -n 1 | wc -w
free -h | wc -l
free -g | wc -l
free -k | wc -l
lsof | wc -l | grep -c .
pstree -p | wc -l | grep -c .
fuser f
echo $?
killall5 -l | head -n 1
more f
less f
more nofile
echo $?
more f f
less nofile
echo $?
