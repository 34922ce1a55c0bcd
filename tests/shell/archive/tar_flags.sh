mkdir -p d/e
echo hello >d/a
echo w >d/e/b
ln -s a d/l
chmod 640 d/a
touch -d '2020-01-02 03:04:05' d/a d/e/b d/e d
touch -h -d '2020-01-02 03:04:05' d/l
tar cf x.tar d
tar tf x.tar | sort
tar tvf x.tar | sort -k6
rm -r d
tar xf x.tar
cat d/a d/e/b
readlink d/l
stat -c '%a %y' d/a
tar -x -O -f x.tar d/a
tar xvf x.tar d/e | sort
tar -tf x.tar d/a
tar tf x.tar nothere
echo $?
tar xf nofile
echo $?
tar cf y.tar nofile
echo $?
tar
echo $?
tar cf z.tar -C d a
tar tf z.tar
mkdir o
tar xf x.tar -C o
ls o
tar czf x.tgz d
tar tzf x.tgz | wc -l
tar tf x.tgz | wc -l
tar cjf x.tbz d
tar tjf x.tbz | wc -l
tar caf x.tar.gz d
tar cvf w.tar d/a d/e
tar xkf x.tar d/l
echo $?
tar xf x.tar --strip-components=1 -C o
ls o
tar xf x.tar --exclude d/e -C o
tar -cf - d | tar -tf - | wc -l
