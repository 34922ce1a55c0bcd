echo hello world >f
dd if=f status=noxfer
dd if=f of=g status=none
cat g
dd if=f bs=1 count=5 2>/dev/null
echo
dd if=f bs=1 skip=6 2>/dev/null
dd if=f of=g bs=1 seek=3 conv=notrunc 2>/dev/null
cat g
dd if=f of=h bs=4 count=1 conv=sync status=noxfer
dd if=f ibs=4 obs=2 2>&1 | cut -d, -f1
dd if=nofile
echo $?
dd bs=x
echo $?
dd foo=1
echo $?
dd if=f conv=ucase
echo $?
dd if=f status=none
dd if=f status=noxfer
dd if=f status=bad
echo $?
dd if=f conv=swab 2>/dev/null
echo $?
dd if=f bs=1k count=1 iflag=fullblock 2>/dev/null
dd if=f iflag=skip_bytes skip=6 2>/dev/null
dd if=f of=k oflag=append 2>/dev/null
dd if=f of=k oflag=seek_bytes seek=2 2>/dev/null
od -c k
dd if=f iflag=count_bytes count=3 2>/dev/null
dd if=f conv=noerror,fsync of=m 2>/dev/null
dd if=f count=0 status=none
dd if=/dev/zero of=z bs=1M count=1 2>&1 | cut -d, -f1
dd if=f oflag=direct of=n status=none
echo $?
dd bs=0 if=f
echo $?
dd if=f bs=1c count=2 skip=1 2>/dev/null
dd if=f conv=bad
echo $?
dd if=f iflag=bad
echo $?
dd --help 2>&1 | head -n 3
