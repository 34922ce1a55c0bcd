(a=b; b=a; echo $((a))); echo $?; a=b; b=c; c=7; echo $((a))
