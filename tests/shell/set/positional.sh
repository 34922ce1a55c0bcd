set -- a b; echo $# $1; set c; echo $#; set --; echo $#; set -- -x; echo $1; set - d e; echo $1
