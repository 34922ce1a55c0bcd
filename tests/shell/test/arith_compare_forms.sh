x=5; [ $x -gt 3 -a $x -lt 10 ] && echo in; [ $x -eq 5 ] && [ ! $x -eq 6 ] && echo ok; [ 0x10 -eq 16 ]; echo $?; [ +5 -eq 5 ] && echo plus; [ -0 -eq 0 ] && echo zero
