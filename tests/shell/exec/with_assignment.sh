(x=5 exec sh -c 'echo $x'); y=6 exec sh -c 'echo "[$y]"'
