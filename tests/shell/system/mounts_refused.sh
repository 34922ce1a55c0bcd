mkdir d; mount -t tmpfs x d; echo $?
mount -a; echo $?
mount -f -t tmpfs x d; echo $?
mount x; echo $?
mount -r x d; echo $?
mount -v -t tmpfs x d; echo $?
mount -O x -a; echo $?
mount -T /nofile -a; echo $?
mount --bind d d; echo $?
mount -z; echo $?
echo 'tmpfs /work/d tmpfs defaults 0 0' > /etc/fstab
mount -a; echo $?
mount d; echo $?
mount /work/d; echo $?
mount -fa; echo $?
mount -t proc -a; echo $?
mount -T /etc/fstab -a; echo $?
umount; echo $?
umount d; echo $?
umount -f d; echo $?
umount -l d; echo $?
umount -r d; echo $?
umount -d d; echo $?
umount nodir; echo $?
umount /proc; echo $?
umount d nodir; echo $?
umount -z; echo $?
