(echo ${1?need one}); echo $?; (echo ${1:?}); echo $?
