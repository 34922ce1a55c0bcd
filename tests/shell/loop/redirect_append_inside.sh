for i in 1 2 3; do echo $i >> log; done; cat log; while read n; do echo "n=$n"; done < log
