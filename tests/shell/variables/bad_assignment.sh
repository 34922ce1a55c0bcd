1x=2; echo $?; a-b=3; echo $?; =x; echo $?
