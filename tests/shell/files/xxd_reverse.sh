printf 'abc\1\2def\n' >f
xxd -i f
xxd -i <f
xxd -s 3 f
xxd -s -4 f
echo $?
xxd nofile
echo $?
xxd f out
echo $?
ls
xxd -r -p nofile
xxd -l 0x4 f
xxd -l 1k f
xxd -c 300 f
echo $?
xxd -c 0 f
xxd -g 0 f
xxd -g 3 f
xxd -p -c 0 f
echo 'zz616263' | xxd -r -p
echo
printf '0: 61 62\n3: 63\n' | xxd -r
echo
echo 6 | xxd -r -p
printf '10: 61\n' | xxd -r | od -c
xxd -u f
xxd -e f
