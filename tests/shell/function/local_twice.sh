f() { local x=1; local x; echo "[$x]"; local x=2; echo $x; }; x=0; f; echo $x
