d=-; echo x >&$d; echo $?
