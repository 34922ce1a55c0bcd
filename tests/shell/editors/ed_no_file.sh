ed <<'X'
f
p
w
1p
a
one
two
.
f
w
w made
f
f name
q
X
echo $?; cat made
