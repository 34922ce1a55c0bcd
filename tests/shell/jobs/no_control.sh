fg; echo $?; bg; echo $?; fg %1; echo $?
