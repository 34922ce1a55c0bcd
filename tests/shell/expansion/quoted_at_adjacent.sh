set -- a b; for i in "$@"x; do echo "<$i>"; done; for i in "$@$@"; do echo "[$i]"; done; set --; for i in "$@"x; do echo "{$i}"; done; for i in ''"$@"; do echo "($i)"; done
