printf 'a1b22c' | awk -F'[0-9]+' '{print $1,$2,$3}'
