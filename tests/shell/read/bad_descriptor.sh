read -u 9 x; echo $?; read x <&-; echo $?
