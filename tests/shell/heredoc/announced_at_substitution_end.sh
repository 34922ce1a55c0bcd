echo $(cat <<E)
z
E
echo "[$(cat <<E; cat <<F)]"
echo tail
