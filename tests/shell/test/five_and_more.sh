[ a = a -a ! b = c ] && echo 1; [ \( a \) ] && echo 2; [ \( a = b -o c = c \) -a d = d ] && echo 3; [ a = a -o b = c -a d = e ] && echo 4
