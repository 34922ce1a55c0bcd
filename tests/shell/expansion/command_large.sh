x=$(i=0; while [ $i -lt 3000 ]; do echo "line $i padding padding"; i=$((i+1)); done); echo ${#x}
