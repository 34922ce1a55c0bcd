(sleep 1; echo late) | { read -t 0.2 x; echo $?; }; echo now | { read -t 1.5 x; echo $? $x; }
