kill ''; echo $?
