set -x; a=1 b='x y' true; a=2; export c=3; d=$(echo sub)
