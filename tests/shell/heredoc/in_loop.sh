for i in 1 2; do cat <<E
turn $i
E
done
