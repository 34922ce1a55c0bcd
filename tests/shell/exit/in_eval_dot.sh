echo 'exit 3' > e; (. ./e; echo no); echo $?; (eval exit 4; echo no); echo $?
