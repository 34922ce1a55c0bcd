printf 'a b c\nd e\n' > f; { read x y; read z; } < f; echo "$x|$y|$z"
