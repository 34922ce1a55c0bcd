alias; alias a='echo A'; a b
a b
alias a; alias nosuch; echo $?; unalias a; a; unalias nosuch; echo $?; alias x='echo ' y=hello; x y
x y
x x y; \x y; 'x' y; alias ls='echo ls'; ls
ls; alias -p; echo $?; unalias -a; alias; alias 1a=b; echo $?; alias a-b='echo dash'; a-b
a-b; alias for=echo
for x
alias 'a b=c'; echo $?; alias ''; echo $?; alias =x; echo $?
