seq 3
seq 2 4
seq 1 2 7
seq 5 1
seq 5 -2 1
seq -w 8 11
seq -s, 3
seq -s : -w 1 10
seq 1.5 3
seq 0.1 0.1 0.5
seq x
echo $?
seq
echo $?
seq 1 0 3 | head -n2
seq -w -1 1
seq 1 2 3 4
echo $?
seq -2 0
seq 1e1
seq -w 1.50 2
