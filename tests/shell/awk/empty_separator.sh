printf 'abc\n' | awk 'BEGIN{FS=""}{print $2, NF}'
