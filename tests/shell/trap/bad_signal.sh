trap 'echo x' NOSUCH; echo $?; trap 'echo y' 99; echo $?; trap 'echo z' EXIT NOPE; echo $?
