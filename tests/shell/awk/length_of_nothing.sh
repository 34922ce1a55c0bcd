awk 'BEGIN { print length "x"; print -"3" }' </dev/null
