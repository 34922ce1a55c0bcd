mkdir -p d/e
echo one >d/a
echo two >d/e/b
ln -s a d/l
touch -d '2020-01-02 03:04:05' d/a d/e/b d/e d
touch -h -d '2020-01-02 03:04:05' d/l
find d | sort | cpio -o -H newc >x.cpio
echo $?
cpio -t <x.cpio
cpio -tv <x.cpio
rm -r d
cpio -i <x.cpio
echo $?
ls
cpio -id <x.cpio
cat d/a d/e/b
readlink d/l
cpio -id <x.cpio
echo $?
cpio -idu <x.cpio
echo $?
stat -c %y d/a | cut -c1-4
cpio -idum <x.cpio
stat -c %y d/a
cpio -idv -u <x.cpio
rm -r d
cpio -id d/a <x.cpio
find d
cpio -F x.cpio -t
find d | cpio -p out
ls
mkdir out
find d | cpio -pd out
find out
find d | cpio -o >y
echo $?
find d | cpio -o -H odc
echo $?
cpio -t nofile <x.cpio
echo $?
printf 'garbage' | cpio -t
echo $?
cpio
echo $?
find d -print0 | cpio -0 -o -H newc | cpio -t
echo d/a | cpio -o -H newc -F z.cpio
ls -l z.cpio | wc -l
cpio -id -R 5:6 <x.cpio 2>/dev/null
cpio -id -u -R daemon <x.cpio
stat -c %u:%g d/a
echo nofile | cpio -o -H newc | wc -c
echo d/l | cpio -oL -H newc | cpio -tv | cut -c1-10
cpio -i -t <x.cpio | head -n 1
cpio --extract <x.cpio
find d | cpio -ov -H newc >/dev/null
mkfifo p
echo p | cpio -o -H newc | cpio -tv | cut -c1-10
printf '' | cpio -o -H newc | wc -c
printf '' | cpio -i
echo $?
