f() ( x=2; echo $x; exit 4 ); x=1; f; echo $? $x
