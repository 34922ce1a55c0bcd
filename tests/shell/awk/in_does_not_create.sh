awk 'BEGIN { if (!("a" in b)) print "no"; if (b["a"]=="") print "empty"; print length(b) }'
