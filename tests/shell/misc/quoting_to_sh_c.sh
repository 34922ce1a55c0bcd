sh -c 'echo "$1" "$2"' x 'a b' '*'; sh -c "echo 'it'\"'\"'s'"; sh -c 'for i; do echo "<$i>"; done' _ 1 '2 3' ''
