echo hello hello hello >f
bzip2 f
ls
bunzip2 f.bz2
cat f
bzip2 -k f
ls
bzip2 f
echo $?
bzip2 -f f
bzcat f.bz2
bzip2 -dc f.bz2
bunzip2 -t f.bz2
echo $?
bunzip2 -k f.bz2
bunzip2 f.bz2
echo $?
bunzip2 -f f.bz2
bunzip2 f
echo $?
echo garbage >g.bz2
bunzip2 g.bz2
echo $?
bzip2 -c f | bzcat
bzip2 -1 <f | bunzip2
xz f
echo $?
xz -d f
echo $?
unxz nofile.xz
echo $?
echo garbage >g.xz
unxz g.xz
echo $?
xzcat g.xz
echo $?
unlzma g.xz
echo $?
lzma f
echo $?
lzcat nofile
echo $?
printf '\135\000\000\200\000\377\377\377\377\377\377\377\377\000\064\032\075\120\053\337\377\377\370\002\000\000' >h.lzma
lzcat h.lzma
unlzma -c h.lzma
lzma -dk h.lzma
cat h
rm h
printf '\375\067\172\130\132\000\000\004\346\326\264\106\002\000\041\001\026\000\000\000\164\057\345\243\001\000\002\150\151\012\000\000\373\173\350\350\052\130\103\117\000\001\033\003\013\057\271\020\037\266\363\175\001\000\000\000\000\004\131\132' >h.xz
xzcat h.xz
xz -dk h.xz
cat h
unxz -c h.xz
xz -t h.xz
echo $?
xz -df h.xz
ls
tar cf t.tar f
bzip2 t.tar
mv t.tar.bz2 t.tbz
bunzip2 t.tbz
ls
cp t.tar t.tbz2
bunzip2 t.tbz2
echo $?
bzip2 -v f
bzip2 -z f.bz2
echo $?
