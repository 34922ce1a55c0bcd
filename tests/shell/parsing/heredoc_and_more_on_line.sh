cat <<E; echo after; cat <<F | tr a b
one
E
aaa
F
