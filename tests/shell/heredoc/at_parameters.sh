set -- a 'b  c'; cat <<E
$@ | $* | "$@"
E
IFS=-; cat <<E
$@ | $*
E
