readonly r=1; (r=2 true; echo no); echo $?; (r=2 sh -c 'echo no'); echo $?
