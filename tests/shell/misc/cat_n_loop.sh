seq 3 | while read n; do echo "n=$n"; done; seq 1 2 7 | (read a; read b; echo $a $b)
