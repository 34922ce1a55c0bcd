abc=1 ABC=2 _x=3 a1_=4; echo $abc $ABC $_x $a1_
