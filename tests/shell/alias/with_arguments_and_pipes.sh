alias up='tr a-z A-Z'
echo hello | up
alias two='echo 1; echo 2'
two
