sh -n -c 'echo no'; echo $?; sh -n -c 'if'; echo $?
