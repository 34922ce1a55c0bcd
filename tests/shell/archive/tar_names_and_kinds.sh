mkdir d
mkfifo d/p
: >d/empty
printf '%0150d' 0 >/dev/null
n=$(printf '%0120d' 0)
echo x >d/$n
tar cf x.tar d
tar tf x.tar | sort | cut -c1-40
tar tvf x.tar | cut -c1-10 | sort
rm -r d
tar xf x.tar
ls d | cut -c1-20
test -p d/p && echo fifo
echo a >/tmp/abs
tar cf a.tar /tmp/abs
tar tf a.tar
cd /
tar xf /work/a.tar
cat tmp/abs
cd /work
tar cf u.tar ../tmp/abs
tar tf u.tar
tar xf u.tar
ls
tar xvzf nofile.tgz
echo $?
tar cvzf v.tgz d/empty 2>&1
tar xvf x.tar d/empty
tar xzf x.tar
echo $?
tar cf - d 2>/dev/null | gzip | tar xz -O d/empty
gzip -c x.tar >x.gz
tar xf x.gz d/empty
echo $?
tar cf /nodir/x d
echo $?
tar cf x.tar x.tar
echo $?
tar xf x.tar -C nodir
echo $?
tar --help 2>&1 | head -n 3
