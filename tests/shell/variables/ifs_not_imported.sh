IFS=x sh -c 'echo "$IFS" | od -c | head -1'
