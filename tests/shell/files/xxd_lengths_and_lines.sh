seq 300 >f
xxd -c 256 f | head -n 1 | wc -c;xxd -c 257 f | head -n 1 | wc -c; xxd -c 300 f | head -n 1 | wc -c; xxd -p -c 256 f | head -n 1 | wc -c;xxd -p -c 257 f | head -n 1 | wc -c; xxd -p -c 300 f | head -n 1 | wc -c
xxd -i -c 0 -l 20 f;xxd -i -c 300 -l 40 f | wc; xxd -i -s 5 -l 2 f; xxd -i -s 99999 f; xxd -s 99999 f; echo $?; xxd -p -i -c 2 -l 5 f; xxd -i -o 5 -l 5 f; xxd -i -g 1 -l 5 f; xxd -i -s 1092 f | tail -n 2
echo 'one two' | xxd -i; printf '' | xxd -i; echo "<$(printf '' | xxd -p)>"
(printf abcdefgh; printf '2: 7a' | xxd -r) >o; od -c o
(printf abcdefgh; printf '61' | xxd -r -p) >o; od -c o
(printf abcdefgh; printf '2: 7a\n3: 7b' | xxd -r) | od -c
(printf abcdefgh; printf '0: 7a\n3: 7b' | xxd -r) | od -c
printf '0 61:62\n' | xxd -r; echo
printf '0\t61\n' | xxd -r; echo
printf '0  61\n' | xxd -r; echo
printf '0 : 61\n' | xxd -r; echo
printf '0:::61\n' | xxd -r; echo
printf '0:x61\n' | xxd -r; echo
printf '0: x61\n' | xxd -r; echo
printf '0:xx61\n' | xxd -r; echo
printf '0: 61xx62\n' | xxd -r; echo
printf '0: 61xxx62\n' | xxd -r; echo
printf '0: 61 x62\n' | xxd -r; echo
printf '0: 61x 62\n' | xxd -r; echo
printf '0: 61 \t62\n' | xxd -r; echo
printf '0: 61::62\n' | xxd -r; echo
printf '0: 6x6162\n' | xxd -r; echo
printf '0: 6  6162\n' | xxd -r; echo
printf '0: 61 6  62\n' | xxd -r; echo
printf '0,61\n' | xxd -r; echo
printf '0.61\n' | xxd -r; echo
printf '0_61\n' | xxd -r; echo $?
printf '0:61\r\n1:62\r\n' | xxd -r; echo $?
printf '6 1\n\n 62 x 6 x3' | xxd -r -p; echo $?
printf '61\0 62' | xxd -r -p; echo $?
printf '\n' | xxd -r -p; echo $?
printf -- '-1: 61\n' | xxd -r; echo $?
printf -- '+1: 61\n' | xxd -r; echo $?
printf '0: 61\n' >d; xxd -r -s 3 d | od -c; xxd -r -s 0x3 d | od -c; xxd -r -s x d; echo $?; xxd -r -c x d; echo; xxd -r -g x d; echo; xxd -r -o x d; echo; xxd -r -l x d; echo
xxd -r . ; echo $?
xxd -r -p . ; echo $?
xxd -z 2>&1 | head -n 1; xxd -u 2>&1 | head -n 1; xxd -E 2>&1 | head -n 1
xxd -ps -l 3 f; xxd -l 3 -- f; xxd -l3 -g1 f
printf '\200\377\033 ~' | xxd; printf 'abc' | xxd -o 5 -s 0; printf abc | xxd -l 2 -p -; printf abc >g; xxd -s 1 <g; (head -c 1 >/dev/null; xxd) <g; (head -c 1 >/dev/null; xxd -s 1) <g; (head -c 1 >/dev/null; xxd -s 2) <g
xxd -s 3 <g; xxd -s 4 <g; (dd bs=1 count=1 2>/dev/null; xxd -s 1) <g;(dd bs=1 count=1 2>/dev/null; xxd) <g
