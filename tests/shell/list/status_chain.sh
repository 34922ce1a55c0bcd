false; echo $? && false || echo $?; true; true && false; echo $?
