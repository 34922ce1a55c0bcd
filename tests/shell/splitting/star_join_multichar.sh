IFS=+-; set -- a b c; echo "$*"; x="$*"; echo "$x"; echo $*
