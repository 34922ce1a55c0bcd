true & sleep 1; jobs; jobs; (exit 3) & sleep 1; jobs
