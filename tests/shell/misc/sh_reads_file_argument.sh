echo 'echo "$0|$1|$#"' > s; sh s a b; sh ./s; sh -x s 2>&1; sh -e s x
