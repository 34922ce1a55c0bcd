printf 'a\nb\n' | sort -c
echo $?
printf 'b\na\n' | sort -c
echo $?
printf 'b\na\n' | sort -C
echo $?
