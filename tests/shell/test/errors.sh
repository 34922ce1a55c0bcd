[ a -eq 1 ]; echo $?; [ 1 -eq ]; echo $?; [ a b ]; echo $?; [ a b c ]; echo $?; [ a; echo $?; [ 1 -eq 1x ]; echo $?; test '(' a; echo $?; [ 99999999999999999999 -eq 1 ]; echo $?
