f() { local IFS=:; set -- $1; echo $# $2; }; f a:b:c; x='a b'; set -- $x; echo $#
