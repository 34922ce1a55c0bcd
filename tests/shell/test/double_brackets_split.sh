x='a b'; [[ -n $x ]]; echo $?; y='*'; touch f1 f2; [[ $y = '*' ]]; echo $?
