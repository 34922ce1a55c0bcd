printf 'a\nb\n' > f; while read x; do cat < /dev/null; echo $x; done < f; while read x; do read y; echo "$x+$y"; done < f
