seq 30 >f; wc -c <f
xxd -s 81 f; xxd -s 81 -c 4 -l 20 f; xxd -s 81 -p f; xxd -s 81 -i f; xxd -s 81 <f; xxd -s 82 f; xxd -s 81 -o 3 f ; xxd -s 80 -o 3 f; xxd -s -3 f; xxd -s +3 f; xxd -l 0 f; xxd -l -1 f; echo $?; xxd -l x f; xxd -s x f; xxd -c x f; xxd -c -1 f; xxd -g x f; xxd -o x f
xxd -c 0 -l 20 f; xxd -c 300 -l 20 f;xxd -c 0x4 -l 0x6 f; xxd -s 0x10 -l 010 f; xxd -o 0x10 -l 4 f; xxd -o -1 -l 4 f; xxd -c 5 -g 3 -l 9 f; xxd -g 0 -l 7 f; xxd -g 99 -l 7 f; xxd -p -l 40 f; xxd -p -c 0 f; xxd -p -c 256 f; xxd -p -c 257 f; xxd -p -c 7 f; xxd -c 8k -l 5 f; xxd -l 1k -p f | head -n 1
xxd -i -c 3 -l 7 f; xxd -i -c 0 -l 7 f; xxd -i -l 0 f; xxd -i -p -l 7 f; xxd -i -s 78 f; cp f a.b-c; xxd -i -l 2 a.b-c; mkdir d; cp f d/9; xxd -i -l 2 d/9; cp f 9x; xxd -i -l 1 9x; xxd -i - <f | head -n 1; xxd -i -l 1 - <f
xxd .; echo $?; xxd -r .; echo $?; xxd -i .; xxd -p . ; xxd - <f | head -n 1
head -c 64 /dev/zero >z; xxd z; xxd -p z; xxd -c 4 z | head -n 3; : >e; xxd e; xxd -i e; xxd -p e
echo '(x)'; (xxd -l 3; cat) <f | head -n 3
seq 3 | xxd -s 2; echo $?; seq 3 | (xxd -l 2; cat)
