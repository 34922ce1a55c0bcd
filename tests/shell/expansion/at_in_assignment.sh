set -- a 'b  c' d; x=$@; echo "$x"; y="$@"; echo "$y"; IFS=:; z=$*; echo "$z"; w="$*"; echo "$w"; v="$@"; echo "$v"
