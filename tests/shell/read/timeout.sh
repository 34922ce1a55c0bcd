(sleep 3; echo late) | { read -t 1 x; echo $? "[$x]"; }
