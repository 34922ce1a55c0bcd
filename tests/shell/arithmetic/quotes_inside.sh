x=3; echo $(("$x"+1)) ; (echo $((\$x+1))); echo $?
