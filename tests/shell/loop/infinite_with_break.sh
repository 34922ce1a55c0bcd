n=0; while :; do n=$((n+1)); if [ $n -gt 100 ]; then break; fi; done; echo $n
