echo hello hello hello >f
gzip f
ls
gzip -d f.gz
cat f
gzip -c f | gunzip
gzip -k f
ls
gzip f
echo $?
gzip -f f
ls
zcat f.gz
gunzip -t f.gz
echo $?
gunzip -c f.gz
gunzip -k f.gz
ls
gunzip f.gz
echo $?
gunzip -f f.gz
ls
gunzip f
echo $?
gunzip nofile
echo $?
gzip nofile
echo $?
echo garbage >g.gz
gunzip g.gz
echo $?
zcat f
echo $?
gzip -9 <f | zcat
gzip -1 -v f
ls
gzip -q nofile
echo $?
gzip -dc f.gz
gzip -cd <f.gz
mkdir d
gzip d
echo $?
gzip -n -c f.gz | wc -c >/dev/null
mv f.gz x.tgz
gunzip x.tgz
ls
cp x.tar y
gzip -S .z y
echo $?
gzip -t x.tar
echo $?
gzip -l x.tar
echo $?
echo x | gzip | tail -c 8 | od -An -tx1
gzip -x
echo $?
gzip f.gz
printf '' | gzip -c | wc -c
printf '' | zcat
echo $?
zcat nofile
echo $?
cp x.tar q.gz
zcat -f q.gz
echo $?
