printf 'a:b:c' | { read -d : x; echo "$? [$x]"; read -d : x; echo "$? [$x]"; read -d : x; echo "$? [$x]"; }
printf 'a b\nc d:e' | { read -d : x y; echo "$? [$x][$y]"; }
printf 'a\0b\0' | { read -d '' x; echo "$? [$x]"; read -d '' x; echo "$? [$x]";read -d '' x; echo "$? [$x]"; }
printf 'axyb' | { read -d xy x; echo "$? [$x]"; }
printf 'a\\:b:c' | { read -d : x; echo "$? [$x]"; }
