exit 3 | cat; echo $?; echo x | exit 4; echo $?
