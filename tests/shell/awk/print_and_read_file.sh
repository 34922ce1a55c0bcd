awk 'BEGIN{print "out" > "/tmp/o"; close("/tmp/o"); while((getline x < "/tmp/o")>0) print "r:" x; print (getline y < "/nope")}'
