seq 5 | awk 'NR%2'
