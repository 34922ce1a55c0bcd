(sleep 0.1 & wait; echo inner); sleep 0.1 & (wait; echo nothing to wait); wait
