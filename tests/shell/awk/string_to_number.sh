awk 'BEGIN { printf "%d\n", "12abc"; printf "%s\n", 1e3; x = "3x"; print x+0 }'
