exec 4<<E
l1
l2
E
while read x <&4; do echo "got $x"; done; exec 4<&-
