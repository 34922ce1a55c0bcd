awk -v x=5 -v y='a\tb' 'BEGIN{print x+1, y}'
