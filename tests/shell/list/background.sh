(echo bg; exit 3) & wait $!; echo $?; { echo g; } & wait; echo $?
