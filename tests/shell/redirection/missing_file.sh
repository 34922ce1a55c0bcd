cat < nope; echo $?; echo x > nodir/f; echo $?; : < nope; echo no
