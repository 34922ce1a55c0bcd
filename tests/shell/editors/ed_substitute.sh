for i in 1 2 3 4 5 6; do echo "line $i"; done > f
ed f <<'X'
1s/line/Line/
p
2,3s/i/I/gp
1,$s/e 4/&x/
4p
s
s /x/y/
s/x
s/4/
1,$s|line|| g
1,$s|line||gp
//s//q/
2,9s/a/b/
s/zz/y/
X
