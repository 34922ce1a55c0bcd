let 1+; echo $?; echo next
