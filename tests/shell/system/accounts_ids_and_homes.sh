adduser -S -D -H sys1
echo $?
tail -n1 /etc/passwd /etc/group /etc/shadow
adduser -S -D sys2
tail -n1 /etc/passwd
ls -ld /home/sys2
adduser -D a
adduser -D b
tail -n2 /etc/passwd /etc/group
deluser b
echo $?
deluser a
echo $?
adduser -D -u 1500 d1
tail -n1 /etc/passwd
adduser -D d2
tail -n1 /etc/passwd
adduser -G 2 -D e
echo $?
tail -n1 /etc/passwd
adduser -G daemon -D f
id f
ls -ld /home/f | cut -c1-40
deluser --remove-home f
ls /home
addgroup -g 99999999999 h
echo $?
addgroup 'x y'
echo $?
addgroup 9x
echo $?
adduser -D 1abc
echo $?
adduser -D 'x$'
echo $?
adduser -D -- -q
echo $?
delgroup daemon
echo $?
addgroup zz
delgroup zz
echo $?
grep zz /etc/group
adduser -D zz zz
echo $?
rm -rf /home/*
