awk 'BEGIN { a = "A"; b = a++; print a, b }'
