printenv -- HOME; echo $?
nohup -- echo x; echo $?
mkdir -p root/bin; chroot --; echo $?
envdir -x; echo $?
runlevel -x y; echo $?
clear -x | od -c
reset -x | od -c
echo 'a b' >p; tsort -p; echo $?; tsort ./p
free x | head -n 1; free -hx | head -n 1; free -x; echo $?
passwd root </dev/null; echo $?
printf 'longenough1\nother\n' | passwd root; echo $?
passwd -l; echo $?
passwd -u; echo $?
cryptpw </dev/null; echo $?
mesg x; echo $?
mesg yes; echo $?
wall -x; echo $?
pwdx 1x; echo $?
ttysize x h w; echo $?
ttysize; echo $?
stty -x; echo $?
stty rows; echo $?
stty rows x; echo $?
stty -a -g; echo $?
stty -a cs8; echo $?
stty -F; echo $?
stty -F none; echo $?
stty sane rows 5 -F none; echo $?
stty -agx; echo $?
stty 9600; echo $?
stty 9601; echo $?
stty erase ^Hx; echo $?
stty -sane; echo $?
umask 022; echo x >f; chmod 666 f; chmod -w f; ls -l f | cut -c1-10
chmod -Z f; echo $?
chmod zz f none; echo $?
chmod -v -x f; echo $?
mknod x q; echo $?
mknod x p 1; echo $?
mknod x c 1; echo $?
mknod x c y z; echo $?
mknod x c 1 2 3; echo $?
mknod x px; ls -l x | cut -c1
