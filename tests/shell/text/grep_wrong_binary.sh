grep
echo $?
grep -E '(' /dev/null
echo $?
grep '\(' /dev/null
echo $?
grep -m x a /dev/null
echo $?
grep -z a /dev/null
echo $?
printf 'a\0b\0' | grep -z b | od -c
grep -P a /dev/null
echo $?
grep -y a /dev/null
mkdir d
grep a d
echo $?
grep -r a d
echo $?
printf 'a\0b\n' >bin
grep a bin
grep -a a bin
grep -I a bin
echo $?
grep --color=always a bin
grep --include=x a bin
echo $?
grep -nb a bin
grep -e a
echo $?
