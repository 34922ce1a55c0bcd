PS4='trace:$LINENO> '; set -x; echo a; x=1
echo b
