i=0; while [ $i -lt 3 ]; do (i=100; :); i=$((i+1)); done; echo $i
