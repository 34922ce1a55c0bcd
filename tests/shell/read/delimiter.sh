printf 'a:b:c' | { read -d : x; echo $x; read -d: y; echo $y; }; printf 'l1\nl2\0l3' | { read -d '' x; echo "$x" $?; }
