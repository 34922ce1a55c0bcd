printf 'a,b\n' | awk 'BEGIN{FS=","} {print $1 $2}'
