(exec sh -c 'echo inner; exit 4'); echo $?; x=$(exec echo sub); echo $x
