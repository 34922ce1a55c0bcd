awk 'BEGIN{print "b\na" | "sort"; close("sort"); print "done"}'
