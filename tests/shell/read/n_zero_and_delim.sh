echo abc | { read -n 0 x; echo "[$x]"; }; printf 'a;b;c' | while read -d ';' x; do echo "$x"; done; echo "rest [$x]"
