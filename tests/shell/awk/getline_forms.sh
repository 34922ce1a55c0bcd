printf 'a b\nc d\ne f\n' >f
awk '{getline; print}' f
awk '{getline x; print x, $0, NR}' f
awk 'BEGIN{while((getline line <"f")>0) print "L" line; close("f"); getline <"f"; print; print (getline z <"nofile")}'
awk 'BEGIN{"echo hi; echo ho" | getline; print; "echo hi; echo ho" | getline y; print y; print ("echo hi; echo ho" | getline q)}'
awk 'BEGIN{"date +%Y" | getline y; print length(y)}'
awk 'NR==1{getline <"f"; print NR, $0} {print NR, $0}' f
awk 'BEGIN { while ("echo a b" | getline) print $2, NF, NR }'
awk '{ while ((getline l < ARGV[1]) > 0) n++ } END { print n }' f
