v=1; echo ${v:}b}c; echo "${v:}b}c"; unset v; echo ${v:}b}c
v=1; echo ${v+a${v:}b}c}d
v=1; echo ${u-a${v:}b}c$(echo x)$v}d
v=1; echo ${u-a${v:}b}c${v-x}$v}d
echo ${u-a${v:}b}c}d
v=1; echo ${u-a${v:}b$v}c}d
v=1; echo "${u-x${u-a${v:}b}c}d}e" ${u-x${u-a${v:}b}c}d}e
v="1 2"; set -- "${u-a${v:}b}c  d}e" ${u-a${v:}b}c  d}e; echo $#; printf "<%s>" "$@"
v=1; cat <<EOF
${u-a${v:}b}c}d
EOF
echo x
unset u; v=1; echo "${u-a${v:}}c}"
unset u; v=1; echo ${u-a${v:}$(echo q)}c}
