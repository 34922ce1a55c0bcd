awk 'BEGIN { printf "%5s|%-5s|%.2s|%*d\n", "ab", "cd", "xyz", 4, 7 }'
