awk 'BEGIN { print 1==1 ? "t" : "f"; print (1,2) in a }'
