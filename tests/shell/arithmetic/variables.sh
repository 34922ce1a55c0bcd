x=5; y=x; z='x+1'; echo $((x)) $(($x)) $((y)) $((z*2)) $(($z*2)) $((unset_one)) $((x*x))
