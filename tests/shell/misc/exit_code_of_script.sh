printf 'exit 42\n' > s; sh s; echo $?; printf 'false\n' > s; sh s; echo $?; printf 'kill -9 $$\n' > s; sh s; echo $?
