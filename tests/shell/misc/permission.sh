echo 'echo x' > s; chmod 644 s; ./s; echo $?; mkdir d; d; echo $?; ./d; echo $?
