echo a | { read 1x; echo $?; }; echo a | { read -n x y; echo $?; }; echo a | { read -t z y; echo $?; }; echo a | { read -q y; echo $?; }
