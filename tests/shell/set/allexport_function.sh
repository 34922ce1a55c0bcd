set -a; f() { :; }; v='a b'; sh -c 'echo "$v"'; set +a
