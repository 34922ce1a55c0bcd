echo "$(cat <<E
a  b
E
)" end
