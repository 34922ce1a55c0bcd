printf 'a b\nc\n' >f
wc f
wc -l f
wc -w f
wc -c f
wc -m f
wc -L f
wc -lw f
wc f f
wc <f
wc -c <f
wc nofile
echo $?
printf 'no newline' | wc -l
printf 'é\n' | wc -m
printf 'a\tb\n' | wc -L
wc -lL f
