true; echo $?; false; echo $?; :; echo $?; : a b > /dev/null; echo $?
