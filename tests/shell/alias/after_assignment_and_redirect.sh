alias p='echo aliased'
x=1 p
>/dev/null p
p > f; cat f
