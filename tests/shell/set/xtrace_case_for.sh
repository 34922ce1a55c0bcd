set -x; case ab in a*) x=1;; esac; for i in a b; do :; done; while false; do :; done; x=$((1+1)); [ $x -eq 2 ] && echo two
