x=1; x=2 :; echo $x; x=3 true; echo $x; x=4 eval 'echo in $x'; echo $x; x=5 export y=1; echo $x
