trap 'echo parent' EXIT; (exit 2); echo $?; sh -c 'echo child'
