printf 'a\\ b c\\\\d\n' > f; read x y < f; echo "$x|$y"; read -r x y < f; echo "$x|$y"; printf 'one\\\ntwo\n' | (read x; echo "$x")
