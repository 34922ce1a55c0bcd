x=1; (x=2; (x=3; echo $x); echo $x); echo $x; x=4 sh -c 'echo $x'; echo $x
