printf 'hello world 0123456789\n\0\1\2' >f
xxd f
xxd -p f
xxd -l 5 f
xxd -s 6 f
xxd -c 8 f
xxd -g 1 f
xxd -i f
xxd -p f | xxd -r -p
echo "00000000: 6162 630a  abc." | xxd -r
xxd -i <f
xxd -o 16 f
xxd -c 4 -p f
xxd -g4 -c8 f
xxd -s -4 f
echo $?
xxd nofile
echo $?
xxd -u f
echo $?
xxd -b f
echo $?
xxd f out
