echo content > f; x=$(cat < f); echo $x; y=$(<f); echo "[$y]"
