echo "$(echo "a  $(echo "b  c")")"
