(exec echo replaced; echo no); echo $?; exec sh -c 'echo new $0 $1' a b; echo no
