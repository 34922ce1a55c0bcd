awk 'BEGIN{x=3; y="3"; print (x==y), ("10"<"9"), (10<9), "a" "b" 1+1}'
