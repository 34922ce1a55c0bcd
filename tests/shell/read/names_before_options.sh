read -u x 3; echo $?; read -t x 3; echo $?; read -n x 3; echo $?
for o in '-u x' '-u 99999999999' '-n x -t y' '-t y -u z' '-u z -n x'; do read $o a; echo $?; done
