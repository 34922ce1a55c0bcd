echo a=b =c d= ; x=1=2; echo $x; echo --opt=val
