set -e; i=0; while [ $i -lt 2 ]; do i=$((i+1)); done; until [ $i -ge 4 ]; do i=$((i+1)); done; echo $i; for x in 1; do [ $x = 2 ] || true; done; echo fine
