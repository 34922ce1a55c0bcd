i=0; while i=$((i+1)); [ $i -lt 3 ]; do echo $i; done; echo $? $i
