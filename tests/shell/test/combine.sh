[ a = a -a b = b ] && echo and; [ a = b -o b = b ] && echo or; [ ! a = b ] && echo not; [ \( a = b \) -o \( c = c \) ] && echo paren; [ ! -f none -a 1 -eq 1 ] && echo mix; [ a -a '' ] || echo false
