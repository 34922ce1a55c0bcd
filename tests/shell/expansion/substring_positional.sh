set -- abcdef; echo ${1:2} ${1:1:2} "${1:3:10}"
