printf 'hello\0world!\0ab\0' >f
od -S 3 f
od -S 5 -A d f
od -i f
od -I f
od -l f
od -L f
printf abcdefgh | od -f
printf abcdefgh | od -F
printf abcdefgh | od -t f8
printf abc | od -D
printf abc | od -O
printf abc | od -X;printf abc | od -H
printf abc | od -B
printf abc | od -t x1 -c -x
printf abcd| od -t q
printf abcd | od -t x3
printf abcd | od -t xL -t xI -t xS -t xC;printf abcd | od -t fF
printf abcdefgh | od -t fD
printf abcd | od -N
printf '\200\201' | od -a -c
printf abc | od -j 9
echo $?
od -w3 f
printf '\1\2' | od -t d1 -t u1;printf abcd | od -e
printf abcd | od -t
printf abcd | od -A x -t x1z
printf 'abcd' | od -t x4z
od -s f
od -S f
od - <f
od -h f
od -j1 -N2 -c f
