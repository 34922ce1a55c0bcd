awk 'BEGIN{a["x"]=1;a["y"]=2; delete a["x"]; for(k in a)print k,a[k]; print ("x" in a), ("y" in a), length(a)}'
