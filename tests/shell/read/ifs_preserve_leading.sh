printf '\t lead\n' | { IFS= read -r x; echo "[$x]"; }; printf 'trail  \n' | { IFS= read -r x; echo "[$x]"; }; printf '  both  \n' | { read -r x; echo "[$x]"; }
