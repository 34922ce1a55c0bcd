# Extended attributes, as a container's root may set them.
echo x >f; mkdir d; ln -s f link; mkfifo pipe
getfattr -d f; getfattr f; echo $?
setfattr -n user.one -v 1 f; setfattr -n user.two f d; echo $?; getfattr -d f d; getfattr -n user.one f d; echo $?
setfattr -n user.one -v 'longer "value" with
lines' f; getfattr -n user.one f; getfattr -d link; getfattr -h -d link; getfattr -h -n user.one link
setfattr -x user.one f; echo $?; setfattr -x user.one f; echo $?; getfattr -d f
setfattr -h -n user.a -v b link; setfattr -n user.a -v b pipe; setfattr -h -n user.a -v b link d; echo $?; getfattr -n user.a pipe
setfattr -n trusted.a -v b f; getfattr -n trusted.a f; setfattr -x trusted.a f
setfattr -n security.a -v b f; getfattr -n security.a f; setfattr -x security.a f; setfattr -n security.capability -v b f
setfattr -n system.a -v b f; getfattr -n system.a f; setfattr -n system.posix_acl_access -v b f; getfattr -n system.posix_acl_access f
setfattr -n other.a -v b f; getfattr -n other.a f; setfattr -n nothing f; setfattr -n user. f; setfattr -n '' f
setfattr -n user.$(printf '%0250d' 0) -v b d; echo $?; getfattr -d d | wc -c; setfattr -n user.$(printf '%0251d' 0) d; echo $?
setfattr -n user.b -v $(printf '%05000d' 0) f; echo $?; setfattr -n user.b -v $(printf '%070000d' 0) f; echo $?; setfattr -n user.b -v $(printf '%03000d' 0) f; echo $?
getfattr -d f | wc -c
setfattr -n user.a -v b nothing /proc/version; echo $?; getfattr -d nothing /proc/version; echo $?; getfattr -n user.a /proc/version
getfattr 2>&1 | grep -c Usage; getfattr -d -n x f 2>&1 | grep -c Usage; setfattr f 2>&1 | grep -c Usage; setfattr -n a -x b f 2>&1 | grep -c Usage
setfattr -x a -v b f 2>&1 | grep -c Usage; setfattr -n a 2>&1 | grep -c Usage; getfattr -z 2>&1 | head -n 1
chmod 400 f; su -s /bin/sh nobody -c 'getfattr -n user.two f; setfattr -n user.two f; setfattr -n user.n -v m d; getfattr -d d; echo mine >/tmp/mine; setfattr -n user.n -v m /tmp/mine; getfattr -d /tmp/mine; chattr +d f; chattr +d /tmp/mine'
