echo a 10>f; echo $?; cat f
