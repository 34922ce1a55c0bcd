(echo ${u?a b "c d" $HOME}); echo $?; (echo "${u?'x'}"); echo $?; (: ${1?}); echo $?; (: ${u:?$(echo err)}) ; echo $?
