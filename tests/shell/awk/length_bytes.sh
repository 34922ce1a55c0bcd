awk 'BEGIN { print length("日本") }'
