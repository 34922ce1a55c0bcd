printf 'a\nb\nc\n' >f
printf '1\n2\n' >g
paste f g
paste -d, f g
paste -s f
paste -sd, f
paste -d ':,' f g f
paste - - <f
paste -d '\n' f g
paste -d '' f g
paste nofile
echo $?
paste -sd '\t\n' f
