printf 'abc' | od -t o1
printf 'abcdefgh' | od -t x4 -t x8
printf 'abcdefgh' | od -t f4
printf 'abcdefgh' | od -f
printf 'abcdefgh' | od -e -F
printf '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0' | od
printf '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0' | od -v
 printf 'abc' | od -D -O -X -H -I -L -B
od -t q /dev/null
echo $?
od -A z /dev/null
echo $?
od nofile
echo $?
printf abcd | od --width=2 -tx1
printf abcd | od -t a
