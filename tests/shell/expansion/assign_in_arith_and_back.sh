unset i; echo $((${i:=5}+1)) $i; : ${j:=$((i*2))}; echo $j
