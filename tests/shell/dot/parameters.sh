set -- a b; echo 'echo $# $1; shift; echo $1; set -- q' > lib; . ./lib; echo $# $1; set -- a b; . ./lib x y z; echo $# $1
