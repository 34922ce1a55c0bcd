awk 'BEGIN { print 1/0 }'; echo $?
