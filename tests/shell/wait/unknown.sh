wait 12345; echo $?; wait %1; echo $?; wait abc; echo $?
