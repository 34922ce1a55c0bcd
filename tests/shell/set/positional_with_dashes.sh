set -- -a --b -; echo $# $1 $2 $3; set -e -- x; echo $1 $-; set +e; set -- ; echo $#
