echo 'one two' | awk '{ $0 = "x y z"; print NF; print $3 }'
