awk 'BEGIN { print 1,2 > "/tmp/f"; print 3 >> "/tmp/f"; close("/tmp/f"); while ((getline < "/tmp/f") > 0) print $0, NF }'
