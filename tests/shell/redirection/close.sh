echo a >&-; echo $?; cat <&-; echo $?; { echo b; } 1>&-; echo $?
