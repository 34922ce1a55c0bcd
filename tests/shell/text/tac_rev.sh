printf '1\n2\n3\n' | tac
printf 'a\nb' | tac
printf 'abc\ndef\n' | rev
printf 'x' | rev
tac nofile
echo $?
