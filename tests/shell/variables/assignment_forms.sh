a=1 b=2; echo $a$b; c=$a$b d=$c; echo $c $d; e=; echo "[$e]"; f=a=b; echo $f
