dc -e '_1 0 - p'
dc -e '2 32 ^ p 2 200 ^ p'
dc -e '16 o 10 k 0.1 p'
dc -e '2 o 0.5 p'
dc -e '100 o 12345 p'
dc -e '[abc]Z p'
dc -e '3 K p I p O p'
dc -e '[la 1 - d sa 0 <x] sx 5 sa lx x la p'
dc -e '65 P'
dc -e '1 2 3 R f'
dc -e 'q'
dc -e '[q]x 1 p'
dc -e '1 2 >a'
dc -e 'la p'
dc -e 'La'
echo $?
dc -e '0 N p 5 N p 1 1 G p 1 2 G p'
dc -e '65 a p'
dc -e '2 _1 ^ p'
dc -e '5 k 2 _1 ^ p'
dc -e '_4 v'
echo $?
dc -e '1 2 !<a'
echo $?
dc -e '8 i 17 p'
dc -e '1 # comment
2 + p'
dc -e '2 1.5 ^ p'
echo $?
dc -e '[x'
echo $?
dc -e '@'
echo $?
dc -e '1 k 10 3 % p'
dc -e '3 2 1 ~'
dc -e '[a] [b] + p'
echo $?
dc -e '1 i'
echo $?
dc -e '1 Q'
dc -e '[2 Q]x 1 p'
dc -e '4 d * n'
dc -e '1 p 2'
echo '1 p' | dc -
echo $?
