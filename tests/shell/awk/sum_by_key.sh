printf 'k1 1\nk2 2\nk1 3\n' | awk '{s[$1]+=$2} END{print s["k1"], s["k2"]}'
