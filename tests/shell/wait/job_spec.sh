sleep 1 & wait %1; echo $?; false & wait %%; echo $?
