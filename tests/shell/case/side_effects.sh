i=0; case $((i=i+1)) in 1) echo one $i;; esac
