printf 'a\nb' > f; while read x; do echo "<$x>"; done < f; echo "[$x]"
