(unset u; echo ${u?}; echo no); echo $?
(u=; echo ${u:?}; echo no); echo $?
(unset u; echo ${u?custom message}; echo no); echo $?
(u=; echo ${u:?$((1+1)) words}; echo no); echo $?
u=ok; echo ${u?x} ${u:?x}
