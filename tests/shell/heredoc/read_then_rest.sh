{ read x; echo "first $x"; cat; } <<E
1
2
3
E
