alias g='echo one'
f() { g; }
alias g='echo two'
f; g
