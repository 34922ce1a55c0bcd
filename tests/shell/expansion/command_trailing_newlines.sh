x=$(printf 'a\n\nb\n\n\n'); echo "[$x]"; y=$(echo); echo "[$y]"
