set -- a; echo x${1+y}z ${2+y}; echo "${1:+$1 $1}"
