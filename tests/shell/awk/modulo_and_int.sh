awk 'BEGIN{print -3%2, 7%3, int(-3.7), 5/2}'
