printf 'c\0a\0b\0' | sort -z | od -c
printf 'a:3\nb:1\n' | sort -t: -k2
sort -t : -k 2 -o out - <<X
z:2
y:1
X
cat out
