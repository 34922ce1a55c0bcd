IFS=: read a b <<E
1:2
E
echo $a $b; x=a:b; IFS=: echo $x
