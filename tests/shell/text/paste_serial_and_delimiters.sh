printf '\n' >e; : >z; printf 'a\n\n' > g; printf '\n\n' >h; printf x >n; printf '\na\n' >i; printf '\n\n\nb\n\nc\n' >j; printf 'a\n\n\n' >k
for f in e z g h n i j k; do for d in , ,: ; do echo "$f $d $(paste -s -d $d $f|od -c)"; done; done
echo; paste e e | od -c; paste e z | od -c;  paste z z | od -c; paste g h| od -c; paste -d '\0' g n | od -c; paste -d '\n' n g | od -c;  paste -s -d '\0' j|od -c
echo; paste -s e i e | od -c; paste -d 'a\q' n n n | od -c; paste -s -d 'ab' - g  <j | od -c; paste - - - <j | od -c; paste -d '' e; paste -d '\' n n
printf 'x\n' >n
