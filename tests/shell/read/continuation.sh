printf 'a\tb\n' | { read x y; echo "[$x][$y]"; }
printf ' \t a \t b \t \n' | { read x y; echo "[$x][$y]"; }
printf 'a\0b\n' | { read x; echo "[$x]"; }
printf '\\\n\\\nx\n' | { read x; echo "[$x]"; }
printf 'a\\\\b\\n\\\n' | { read x; echo "[$x]"; }
printf 'a b\\ c d\n' | { read x y; echo "[$x][$y]"; }
printf 'a b \\ \n' | { read x y; echo "[$x][$y]"; }
printf '\\ a\n' | { read x y; echo "[$x][$y]"; }
