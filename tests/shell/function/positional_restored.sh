set -- a b; f() { echo $1 $#; shift; echo $1 $#; set -- z; }; f x y; echo $1 $#
