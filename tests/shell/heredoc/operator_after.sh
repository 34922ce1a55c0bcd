cat <<E |
pipe
E
cat
cat <<E ||
or
E
echo no
