# ${#@} is the length of all parameters with what stands between them, and that is nothing where IFS is empty.
t() {
    echo ${#@} "${#@}" ${#*} "${#*}" "${@:+set}" ${@:+set} "${*:+set}" ${*:+set} "[${@:-no}]" [${@:-no}] "[${*:-no}]" [${*:-no}] "${@+set}" ${*+set}
}
for IFS in '' : ' ' xy; do t '1 1' '' b; t '' ''; t ''; t; t a; done
unset IFS; t '1 1' '' b; t '' ''; t ''; t
