printf '1 2\n3 4\n' | awk '{s+=$1*$2} END{printf "%d %5.2f|%-5s|%05d\n", s, s/3, "ab", 42}'
