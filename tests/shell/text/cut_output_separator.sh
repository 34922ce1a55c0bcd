printf 'a:b:c\n' | cut -d: -f1,3 -O=
printf 'a  b c\n' | cut -F1,3
printf 'a  b c\n' | cut -F 2
printf 'a:b:c\n' | cut -D -d: -f3,1
printf 'a b c\n' | cut -D -F3,1
