IFS=": "; for s in 'X:Y:Z:' 'X:Y:Z' 'X:Y:' 'X:Y  : ' ' : X' ':'; do echo "$s" | { read x y; echo "|$x|$y|"; }; done
