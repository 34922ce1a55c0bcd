mkdir d
ls -lh d
echo hi >d/a
ls -lh d|head -n1
ls -sh d | head -n1 | od -c | head -n 1
dd if=/dev/zero of=d/b bs=1k count=2000 2>/dev/null
ls -lh d | head -n1
ls -sh d/b d/a
dd if=/dev/zero of=d/b bs=1k count=1100 2>/dev/null
ls -sh d
ls -lsh d|cut -c1-30
ls -ls d | cut -c1-20
ls -s d
