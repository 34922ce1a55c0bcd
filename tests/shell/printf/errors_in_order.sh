exec 2>&1
printf '%d %s\n' 1x a 2y b; /bin/printf '%d %s\n' 1x a 2y b; printf 'ab%k\n'; printf 'a%sb%zc' 1; echo; printf '%*d|\n' x 5; kill -l 9 foo 15; kill 99999 abc 99998; test 1 -eq x; [ a -lt 1 ]; printf '%d' x >&-; printf '%s\n' a >&-; echo $?; printf 'a%d\n' x 2>&-; echo $?; (printf 'a\n%d\n' z); printf 'a%d' x | cat; x=$(printf 'a%d' x 2>&1); echo "$x"
