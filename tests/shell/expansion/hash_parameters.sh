set -- 1 2 3; echo $#; echo ${#}; echo ${#-}; echo ${#:-x} ${#-y}
