a=b c; echo $?; a=1 b=2 eval 'echo $a$b'; echo ${a-unset}; a=1 :; echo $a; f() { echo $a; }; a=3 f; echo $a; a=4 true; echo $a; a=5 export b; echo $a; x=1 y=$x; echo $y; x=2 sh -c 'echo $x'; echo $x
