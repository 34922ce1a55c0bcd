awk 'BEGIN { "date +%Y" | getline y; print (y > 2000) }'
