for i in 1 2 3 4 5 6; do echo "line $i"; done > f
printf 'x\ny' > g
ed f <<'X'
r g
r
rg
r nosuch
0r g
2,3w out
w
w /nosuch/file
wx
f
f other
f
fx
w
q
X
echo $?; cat f out other
