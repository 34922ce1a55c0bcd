awk 'BEGIN{printf "no newline"}'
