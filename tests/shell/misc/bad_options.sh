sh -Q; echo $?; sh -o nope; echo $?; sh nosuchscript; echo $?; sh /tmp; echo $?
