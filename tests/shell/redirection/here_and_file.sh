cat <<E > f; cat f
to file
E
