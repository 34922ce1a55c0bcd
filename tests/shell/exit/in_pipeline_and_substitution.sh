x=$(echo a; exit 3; echo b); echo "$x $?"; (exit 4) | cat; echo $?; { exit 5; } | true; echo still
