cat <<E "$(cat <<F
a
F
)" 2>&1
b
E
