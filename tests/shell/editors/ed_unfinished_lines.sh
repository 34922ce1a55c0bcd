printf 'one\ntwo' > f
ed f <<'X'
1,$p
2s/two/2/
$a
three
.
1,$p
w
X
cat f
