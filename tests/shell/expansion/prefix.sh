x=/usr/local/bin; echo ${x#*/} ${x##*/} ${x#/usr} ${x#nope} ${x##/*l/} ${x#}
