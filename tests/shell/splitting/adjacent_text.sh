x='a b'; for i in 1${x}2; do echo "<$i>"; done; for i in 1"$x"2; do echo "<$i>"; done; for i in $x$x; do echo "[$i]"; done
