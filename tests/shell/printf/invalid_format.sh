printf '%z\n' a; echo $?; printf '%'; echo $?; printf 'ab%k'; echo $?
