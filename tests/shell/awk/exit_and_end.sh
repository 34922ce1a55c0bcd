awk 'BEGIN{exit 3} END{print "end"}'; echo $?
