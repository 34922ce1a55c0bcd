echo 'hello world this is a long line to wrap around the seventy six columns of base64 x' | base64
echo hi | base64 -w 3
echo aGkK | base64 -d
echo 'a Gk$K' | base64 -d
echo aGk | base64 -d
echo
base64 nofile
echo $?
echo hi | base64 -w 0
echo
echo hi | base32
echo NBUQU=== | base32 -d
base64 -w x /dev/null
echo $?
base64 -i
echo $?
echo '!!' | base64 -d
echo $?
printf '' | base64
base64 a b
echo $?
printf '\0\1\2' | base32 -w 4
printf 'aGkK\naGkK\n' | base64 -d
printf 'aGk=aGk=' | base64 -d
