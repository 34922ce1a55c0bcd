echo "a
  b" 'c
  d' e\
f; x="1
2"; echo "$x"
