printf 'abcdefghijklmnopqrstuvwxyz' >f
xxd -s 30 f; echo $?
xxd -s 26 f; echo $?
xxd -s 25 f; echo $?
(xxd -s 30 f; xxd f) 2>&1
cat f | xxd -s 30 2>&1; echo $?
cat f | xxd -s 3 2>&1; echo $?
xxd -l 3 -s 30 f f 2>&1 | head -n 3
xxd -r -p <<X
61 62 zz
X
xxd -r <<X 2>&1
00: 61 62
zz: 63
05: 64
03: 65
X
echo $?
xxd -r <<X 2>&1 | od -c
05: 6465
02: 65
X
echo "1234 xx" | xxd -r -p 2>&1 | od -c
echo "0000001: 41 42" | xxd -r 2>&1 | od -c
printf '3: 41\n1: 42\n' | xxd -r 2>&1 | od -c
printf '3: 41\n1: 42\n' >d; xxd -r d 2>&1 | od -c; xxd -r d >o 2>&1; od -c o
xxd -r -s 2 d 2>&1 | od -c
xxd -i f nofile 2>&1 | head -n1
xxd /nodir 2>&1; xxd . 2>&1; echo $?
xxd -r . 2>&1; echo $?
xxd -p -c 4 f; xxd -p -c 0 f; xxd -g 0 f; xxd -g 99 f; xxd -c 300 f
