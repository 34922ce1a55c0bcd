printf 'l1\nl2\nl3\n' | awk 'NR==1{getline v; print "v=" v, NR} {print $0}'
