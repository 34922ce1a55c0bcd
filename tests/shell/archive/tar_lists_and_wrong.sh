mkdir d
echo 1 >d/a
echo 2 >d/b
echo d/a >list
tar cf x.tar -T list
tar tf x.tar
echo b >ex
tar cf y.tar -X ex d
tar tf y.tar
tar cf z.tar --exclude=a d
tar tf z.tar
tar cf q.tar --exclude 'd/*' d
tar tf q.tar
tar tf x.tar -v | cut -c1-10
tar cf l.tar -h d
tar cf n.tar --no-recursion d
tar tf n.tar
tar xf y.tar -T list
echo $?
tar -c d/a | od -c | head -n 1
tar xOf y.tar
tar xof y.tar
tar xpf y.tar
tar xmf y.tar
tar --overwrite -xf y.tar
tar --numeric-owner -tvf y.tar | cut -c1-23
tar xf y.tar --to-command='cat >>got'
cat got
tar xf d/a
echo $?
printf '' | tar x
echo $?
printf 'garbage' | tar x
echo $?
tar tJf x.tar
echo $?
tar tzf x.tar
echo $?
tar cZf a.Z d
echo $?
tar xf y.tar d/a d/nofile
echo $?
tar --lzma -tf x.tar
echo $?
tar c
echo $?
tar ct
echo $?
tar -q
echo $?
tar rf x.tar d
echo $?
tar xUf y.tar
echo $?
ln d/a d/h
tar cf h.tar d
tar tvf h.tar | cut -c1-10
rm -r d
tar xf h.tar
stat -c %h d/a
