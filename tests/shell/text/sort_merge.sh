sort -m /dev/null
printf '1\n3\n' >a
printf '2\n4\n' >b
sort -m a b
sort -S 10 a
sort -T /tmp a
