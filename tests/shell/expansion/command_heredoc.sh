x=$(cat <<E
in $(echo here)
E
); echo "$x"
