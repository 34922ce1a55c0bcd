for i in 1 2 3 4 5 6; do echo "line $i"; done > f
ed f <<'X'
2ka
4 k b
'a,'bp
'a+1p
kA
kab
k
'A
1d
'ap
X
