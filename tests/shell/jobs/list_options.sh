sleep 2 & jobs -p > f; [ "$(cat f)" = $! ] && echo same; jobs -l | sed "s/$!/PID/"; kill $!; wait $! 2>/dev/null
