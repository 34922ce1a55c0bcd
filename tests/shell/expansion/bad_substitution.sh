echo before; (echo ${a!b}); echo $?; (echo ${}); echo $?; (echo "${a b}"); echo $?
