i=0; while [ $((i+=1)) -lt 5 ]; do echo $i; done
