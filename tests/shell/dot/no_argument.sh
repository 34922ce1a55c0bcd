.; echo $?
