r() { printf "$1" | xxd -r $2 >o; s=$?; echo "[$1] $2 $s"; od -An -c o; }
r '0 61'
r '0: 61'
r '0:61'
r '0:  61'
r '0:   61'
r '  0: 61\n'
r '\t0: 61\n'
r '0: 6162  63'
r '0: 61 62 63  64'
r '0: 6 1 62'
r '0: 616 2'
r '0: 61 6'
r '0: 6x 62'
r '0: 61x62'
r '0: 61\t62'
r '0:\t61'
r '\n0: 61'
r '0\n'
r '0:\n'
r ':\n'
r ': 61\n'
r '0x2: 61\n'
r '0:61:62\n'
r '0; 61\n'
r '0- 61\n'
r '0a61\n'
r '0- 61\n'
r '1g: 61\n'
r '0: 61\n1: 62\n2: 63\n'
r '0: 61\n5: 62\n2: 63\n'
r '0: 6162636465\n2: 7a7a\n'
r '10000000000000000: 61'
r 'x'
r '61 62\n63' -p
r '6 162' -p
r '616\n2' -p
r '61x62\n63' -p
r ' 61\t62' -p
r '6162  63' -p
r '6g63\n64' -p
r '0: 61' -p
r '61626' -p
r '\n\n61' -p
r 'zz\n61' -p
r '2: 61' '-s 1'
r '2: 61' '-s -1'
r '2: 61' '-s -3'
r '2: 61' '-o 1'
r '2: 61' '-c 1'
r '0: 6162\n2: 63' '-l 2'
r '0: 6162 6364' '-c 1'
r '0: 61 62 63 64 65 66 67 68 69 6a 6b 6c 6d 6e 6f 70 71 72 73'
r '6162' '-p -s 3'
r '0: 6162636465666768696a6b6c6d6e6f70717273'
printf '0: 61\n10: 62\n' | xxd -r | od -c
printf '3: 61\n3: 62\n4: 63\n' | xxd -r | od -c
printf 'x\n' | xxd -r; echo $?
printf '0: 61' >d; printf '3: 62' >e;  xxd -r d e 2>&1 | head -n1; echo abcdefgh >out; xxd -r e >>out; od -c out; xxd -r e 1<>out; od -c out
xxd -r nofile; echo $?
xxd -r -i d; xxd -r -p -i d
