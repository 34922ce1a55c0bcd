# sub and gsub assign their target, whether they found something or not.
printf '  a   b  \n\nx\n' >f
awk '{ sub(/z/, "y", $1); print "[" $0 "]", NF }' f
awk '{ gsub(/z/, "y", $4); print "[" $0 "]", NF }' f
awk '{ gsub(/z/, "y"); print "[" $0 "]", NF }' f
awk '{ $1 = "p q"; gsub(/z/, ""); print NF }' f
awk 'BEGIN { x = 9; print (x < 10); sub(/z/, "", x); print (x < 10) (x "" < "10"); sub(/q/, "", m[1]); print length(m) }'
awk 'BEGIN { s = "abc abb"; gsub(/\<b*/, "x", s); print s; s = "aab ab"; gsub(/\ba/, "-", s); print s }'
