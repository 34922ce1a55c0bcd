i=0; until false; do i=$((i+1)); [ $i -eq 3 ] && break; done; echo $i
