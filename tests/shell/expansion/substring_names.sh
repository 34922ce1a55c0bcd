x=abcdef; a=1 b=2; echo ${x:a:b} ${x:a+b} ${x:$a:$b} ${x:a?2:3} ${x:(a)} ${x:a>0?1:2:2}
