x=1; sh -c 'echo "[$x]"'; export x; sh -c 'echo "[$x]"'; export y=2; sh -c 'echo "[$y]"'; export -n x; sh -c 'echo "[$x]"'
