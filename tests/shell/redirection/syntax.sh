sh -c 'echo >'; echo $?; sh -c 'echo > ;'; echo $?; sh -c 'cat <<'; echo $?
