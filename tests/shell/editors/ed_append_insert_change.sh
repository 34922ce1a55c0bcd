for i in 1 2 3 4 5 6; do echo "line $i"; done > f
ed f <<'X'
2a
after two
.
1i
first
.
$c
last
.
1,$p
w
q
X
echo $?; cat f
