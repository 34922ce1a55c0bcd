export b=2 a='x y' c; export | grep -E "^export (a|b|c)"; export -p | grep "^export a"
