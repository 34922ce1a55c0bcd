set -u; (echo $undefined); echo $?; (echo ${undefined-ok}); (echo "$@" $*); (echo ${#undefined}); echo $?; (echo $1); echo $?
