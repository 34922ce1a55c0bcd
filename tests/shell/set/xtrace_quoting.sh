set -x; echo "a'b" 'x"y' '$z' '*' 'a;b' 'a|b' '~' '#' 'a=b' '[' '{' 'é' \\ 'new
line'
