cd /tmp; touch f1 f2; x='f* nope*'; for i in $x; do echo "<$i>"; done
