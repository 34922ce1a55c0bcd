mkdir -p d/e
dd if=/dev/zero of=d/a bs=1k count=10 2>/dev/null
echo x >d/e/b
ln d/a d/h
truncate -s 1M d/sp
du d
du -a d | wc -l
du d d/e d
du -s d
du -sh d
du -k d
du -m d
du -c d d/e
du -d 0 d
du -d 1 d
du -b d/a
du -sb d/sp
du -l -s d
du -x d
du -h d/sp d/a
ln -s d l
du l
du -L l
du -H l
du -D l
du nofile
echo $?
du -sm d
du -ah d/e
du -d x d
echo $?
du -d -1 d
echo $?
