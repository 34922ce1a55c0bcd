[[ a -a b ]]; echo $?; [[ a -o b ]]; echo $?
