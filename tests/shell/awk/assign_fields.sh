printf 'a b c\n' | awk '{$2="X"; print; NF=2; print; $5="e"; print; print NF}'
