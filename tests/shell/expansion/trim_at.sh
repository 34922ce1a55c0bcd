set -- a.c b.c; echo ${@%.c}; echo "${@%.c}"; echo "${*#a}"
