exec 3>a 4>b; echo 3 >&3; echo 4 >&4; exec 3>&- 4>&-; cat a b
