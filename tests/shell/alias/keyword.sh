alias e='if true; then echo in alias; fi'
e
alias start='for i in 1 2; do' 
start echo $i; done
