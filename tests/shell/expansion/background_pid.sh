true & echo $!; wait; (echo $!); x=$!; [ "$x" = "$!" ] && echo same
