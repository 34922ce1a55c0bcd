set -; echo $-; set -x -; echo $-; set -v; set +v; set --; echo $#; set - a b; echo $# $1; set -- -x; echo $1; set +; echo $?; set -e -- a; echo $- $1; set -eu +e b c; echo $- $*; set a -e; echo $2
