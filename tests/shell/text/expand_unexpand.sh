printf 'a\tb\n' | expand
printf 'a\tb\n' | expand -t 4
printf '\ta\tb\n' | expand -i
printf '        a       b\n' | unexpand
printf '        a       b\n' | unexpand -a
printf '    a   b\n' | unexpand -t 4
printf '    a   b\n' | unexpand -f -t 4
 expand -t x /dev/null
echo $?
printf '    a   b  c\n' | unexpand --first-only -t4
printf 'a\tb\n' | expand --tabs=3 --initial
