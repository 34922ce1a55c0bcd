for i in 1 2 3 4 5 6; do echo "line $i"; done > f
ed f <<'X'
1
+
.+1
$-1p
.-2,.p
2,4p
,2p
5,p
7p
4,2p
0p
'xp
/four/p
/5/p
1
/line/
//
/nothing/
1+1+1p
12=
$=
=
-
-
 
X
echo $?
