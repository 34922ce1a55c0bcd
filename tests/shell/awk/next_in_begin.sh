awk 'BEGIN{ print "x" ; next }'; echo $?
