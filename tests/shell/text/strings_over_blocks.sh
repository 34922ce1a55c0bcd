yes abcdefg | head -n 1500 | tr -d '\n' >f; printf 'x\0abcd\0' >>f; printf 'abc\0abcde' >>f
strings f | wc; strings -n 5 f | tail -c 8; strings -t d f | cut -c1-20; strings -fo f | tail -n 2
head -c 4094 /dev/zero >g; printf 'abcdef\001gh\tij kl' >>g; head -c 4090 /dev/zero >>g; printf 'last' >>g
strings g; strings -t x g; strings -n 3 <g; printf 'no' | strings -n 2; strings -n 2 </dev/null; strings nosuch g; echo $?
