i=0; while [ $i -lt 50 ]; do eval "v$i=$i"; i=$((i+1)); done; echo $v0 $v25 $v49; set | grep -c '^v[0-9]'
