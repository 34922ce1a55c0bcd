awk 'BEGIN{x["a"]; if ("a" in x) print "in"}'
