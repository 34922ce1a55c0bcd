while read a b; do echo "$b-$a"; done < <(echo 1 2; echo 3 4)
