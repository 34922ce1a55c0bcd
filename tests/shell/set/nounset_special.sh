set -u; echo "$@" "$*" $#; echo "[${1-}]"; echo $!; echo no
