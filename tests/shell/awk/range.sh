printf 'a\nb\nc\n' | awk 'NR==2,NR==3{print NR": "$0}'
