awk 'BEGIN { print "a" > "/dev/stderr" }' 2>&1
