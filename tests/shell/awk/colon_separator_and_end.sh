printf 'a:b\nc:d\n' | awk -F: '{print $2; s=s $1} END{print s, NR}'
