awk 'BEGIN { print match("foobar", "o+"), RSTART, RLENGTH; print match("x","y"), RSTART, RLENGTH }'
