set -- a b; unset IFS; echo "$*"; x="$*"; echo "$x"
