echo x >&9; echo $?; cat <&8; echo $?; echo y 7>&6; echo $?
