printf 'abc\tx\n' | cut -n -b1-2
printf 'abc\n' | cut -c 1,2,2,3
printf 'no newline' | cut -c1-2
cut -d '' -f1 /dev/null
echo $?
