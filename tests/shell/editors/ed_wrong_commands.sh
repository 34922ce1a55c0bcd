for i in 1 2 3 4 5 6; do echo "line $i"; done > f
ed f <<'X'
h
u
x
1.
a b
t
.
X
ed -z f; echo $?
