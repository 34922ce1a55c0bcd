awk 'BEGIN { print "a"; print "b" > "/dev/stdout"; print "c"; print "e" > "/dev/stderr"; print "d"; system("echo s"); print "g" >> "/dev/stdout"; close("/dev/stderr"); print "f" > "/dev/stderr"; print "g" }' > o 2>&1; echo $?; cat o
awk 'BEGIN { print "t" > "f1"; print "u" >> "/dev/stdout"; print "v" > "/dev/stderr"; close("/dev/stdout"); print "lost" }' > o2 2>&1; echo $?; cat o2 f1
