echo hello >f
md5sum f
sha1sum f
sha256sum f
sha512sum f
sha3sum f
sha3sum -a 256 f
sha3sum -a 512 f
sha3sum -a 384 f
sha3sum -a 9 f
echo $?
md5sum <f
md5sum - <f
md5sum f >s
md5sum -c s
echo bad >f
md5sum -c s
echo $?
md5sum -sc s
echo $?
md5sum -cw s
echo $?
echo garbage >>s
md5sum -c s
echo $?
md5sum -cw s
echo $?
md5sum nofile
echo $?
md5sum -c nofile
echo $?
md5sum -b f
sha1sum -c /dev/null
echo $?
cksum f
cksum <f
sum f
sum -s f
sum -r f
sum f f
sum nofile
echo $?
crc32 f
echo
cksum nofile
echo $?
md5sum -s f
md5sum f f
echo "d41d8cd98f00b204e9800998ecf8427e *e" | md5sum -c
touch e
echo "d41d8cd98f00b204e9800998ecf8427e  e" | md5sum -c
echo "D41D8CD98F00B204E9800998ECF8427E  e" | md5sum -c
