IFS=; echo '  a b ' | { read x; echo "[$x]"; }; echo '  a b ' | { read x y; echo "[$x][$y]"; }
unset IFS; echo '  a b ' | { read x; echo "[$x]"; }
IFS='\'; echo 'a\b' | { read x y; echo "[$x][$y]"; }; echo 'a\b' | { read -r x y; echo "[$x][$y]"; }
IFS=x; echo axbxc | { read p q; echo "[$p][$q]"; }
IFS=$'\n'; printf 'a b\n' | { read x y; echo "[$x][$y]"; }
IFS=' x'; echo 'a x b x c' | { read p q; echo "[$p][$q]"; }
