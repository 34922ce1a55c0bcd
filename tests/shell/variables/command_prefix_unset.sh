x=1 echo "[$x]"; x=2 eval 'echo $x'
