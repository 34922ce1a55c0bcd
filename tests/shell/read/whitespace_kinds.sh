printf ' \t a \t b \n' | { read x y; echo "[$x][$y]"; }
