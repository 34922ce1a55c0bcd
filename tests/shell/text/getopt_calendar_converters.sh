getopt -o ab:c:: -l long,arg: -- -a -b x -cfoo --long --arg=5 rest
getopt ab: -a -b x y
getopt -o a -- -z
echo $?
getopt -o a -n prog -- -z
echo $?
getopt -q -o a -- -z
echo $?
getopt -T
echo $?
getopt -u -o a: -- -a 'x y' z
getopt -s sh -o a: -- -a "it's"
getopt -s csh -o a: -- -a "it's!"
getopt -o +a -- x -a
getopt -o -a -- x -a
getopt -a -o '' -l foo -- -foo
getopt
echo $?
getopt -o a -Q -- -a
echo $?
cal 1 2020
cal 2020 | head -n 3
cal -j 2 2020
cal -y 2021 | wc -l
cal 13 2020
echo $?
cal x
echo $?
cal 9 1752
ipcalc -n 10.1.2.3/8
ipcalc -b -m -n -p 192.168.1.5/24
ipcalc -s x
echo $?
ipcalc 10.0.0.1 255.0.0.0 -p
mesg
echo $?
uuencode f <f
echo hi >f
uuencode f g
uuencode -m f g
uuencode f g | uudecode -o -
uuencode -m f g | uudecode -o h
cat h
uudecode nofile
echo $?
echo x | uudecode
echo $?
dos2unix <f | od -c
printf 'a\r\nb\n' | dos2unix | od -c
printf 'a\n' | unix2dos | od -c
printf 'a\n' >u
unix2dos u
od -c u
dos2unix u
dos2unix -u u
unix2dos -d u
od -c u
dos2unix nofile
echo $?
