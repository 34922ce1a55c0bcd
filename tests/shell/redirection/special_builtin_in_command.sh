command : > nodir/f; echo $?; echo reached
