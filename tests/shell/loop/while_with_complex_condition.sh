i=0; while i=$((i+1)); [ $i -le 5 ] && [ $i -ne 4 ]; do echo $i; done
