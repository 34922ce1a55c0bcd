printf 'echo a\\' > s; sh s; printf 'echo "a\\' > t; sh t; echo $?
