printf 'a b\n\nc d\ne\n\n\nf\n' | awk 'BEGIN{RS=""}{print NR": "$1"|"NF}'
