echo '  a  b  ' | { read; echo "[$REPLY]"; }; echo '  a  b  ' | { read x; echo "[$x]"; }
