[ '(' = '(' ] && echo eq; [ ! = ! ] && echo bang; [ -n = -n ] && echo n; [ '(' ] && echo one; [ -a ] && echo a; [ '!' ] && echo ex; [ -z -a ]; echo $?
