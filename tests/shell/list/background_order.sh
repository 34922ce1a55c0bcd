(sleep 0.1; echo child) & echo after; wait
