let x=5; echo $? $x; let x=x-5; echo $?; let 'y = 3 * 4' z=y+1; echo $y $z; let; echo $?
