i=0; cat <<E | wc -c
$(while [ $i -lt 500 ]; do echo "line number $i"; i=$((i+1)); done)
E
