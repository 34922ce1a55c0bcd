printf 'a\tb  c\n' | { unset IFS; read x y z; echo "$x|$y|$z"; }
