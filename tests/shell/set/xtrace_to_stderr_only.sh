set -x; x=$(echo in 2>/dev/null); echo $x 2>/dev/null
