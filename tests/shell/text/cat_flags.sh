printf 'a\tb\n\n\nc\001\377\n' >f
cat -n f
cat -b f
cat -e f
cat -t f
cat -v f
cat -A f
cat -nb f
cat -u f
cat nofile f
echo $?
cat -s f
echo $?
cat - f <f
