printf 'a\tb c\n' | awk -F'\t' '{print $2}'
