echo "5 apples" | awk '{ if ($1 > 3) print "many"; else print "few" }'
