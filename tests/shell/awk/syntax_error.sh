awk 'BEGIN { print ( }'; echo $?
