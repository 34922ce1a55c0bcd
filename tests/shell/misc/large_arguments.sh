x=$(printf '%05000d' 0); set -- $x $x; echo $# ${#1}; echo "$@" | wc -c
