x=1; x=2 y=$x; echo $y; x=5 y=$x true; echo $x $y
