for i in 1 2 3 4 5 6; do echo "line $i"; done > f
ed f <<'X'
2,3d
.=
p
$d
.=
p
1,$p
1,$d
.=
p
1,$p
q
y
X
echo $?
