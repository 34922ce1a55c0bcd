mkdir -m 700 d
stat -c %a d
mkdir -p a/b/c
mkdir a
echo $?
mkdir x/y
echo $?
mkdir -v n
mkdir -p -m 711 q/r
stat -c %a q q/r
rmdir n
rmdir -p a/b/c
ls
rmdir nodir
echo $?
mkdir -p k/l
rmdir k
echo $?
rmdir --ignore-fail-on-non-empty k
echo $?
rmdir -p k/l
mkfifo -m 600 p
stat -c %a p
mkfifo p
echo $?
mknod -m 600 pp p
stat -c '%a %F' pp
mknod x
echo $?
mkdir
echo $?
mkdir -Z ctx s
echo $?
mknod z q 1 1
echo $?
