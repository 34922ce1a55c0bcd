alias hi='echo hello'
hi world
alias hi
unalias hi
hi; echo $?
