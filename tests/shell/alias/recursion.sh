alias echo='echo a'
echo b
alias ls='ls -d'
ls /
