echo a | more; echo b >f; more f f; more nos; echo $?; less f f; less nos; echo $?; echo c | less; cat f | more f; less -N f; less -Z f; echo $?; more -z f; echo $?
