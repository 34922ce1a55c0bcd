printf '%d\n' abc; echo $?; printf '%d\n' 12x; echo $?; printf '%d\n' ''; echo $?; printf '%d %d\n' 1 z 3; echo $?
