mount -a -v; echo $?
echo '# c
tmpfs /work/d tmpfs noauto,x 0 0
tmpfs /work/e tmpfs ro,y 0 0
proc /work/p proc defaults 0 0' > /etc/fstab
mount -a; echo $?
mount -a -t tmpfs; echo $?
mount -a -t notmpfs,proc; echo $?
mount -a -O y; echo $?
mount -a -O z; echo $?
mount -fa; echo $?
mount -f /work/d; echo $?
cp /etc/fstab t; rm /etc/fstab
mount -T t -a; echo $?
mount -T t /work/e; echo $?
mount -T t /nowhere; echo $?
umount -t proc /proc; echo $?
mount -t tmpfs -o size=1 a b; echo $?
mkdir e p d
mount -T t -a; echo $?
mount -T t -a -t tmpfs; echo $?
mount -T t e; echo $?
mount x; echo $?
umount -t tmpfs /proc; echo $?
umount -t proc /proc /proc; echo $?
umount -t proc nodir; echo $?
umount d nodir p; echo $?
mount --move e d; echo $?
mount --bind e d; echo $?
mount --rbind e d; echo $?
mount --make-private e; echo $?
