cat <<E
one
 two	tab
E
