for i in 1 2 3 4 5 6; do echo "line $i"; done > f
ed f <<'X'
4i
one
two
three
.
1,$p
.=
p
X
