exec <&-; read x; echo $?; cat; echo $?
