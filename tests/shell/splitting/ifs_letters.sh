IFS=xy; v=1x2y3xx4; for i in $v; do echo "<$i>"; done
