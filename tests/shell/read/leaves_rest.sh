printf '1\n2\n3\n' > f; { read a; read b; cat; } < f; echo $a $b; printf '1\n2\n' | { read a; cat; }
