awk 'BEGIN { print index("abc", ""), length(), "x" > "/dev/stdout" }'
