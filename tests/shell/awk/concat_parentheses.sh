awk 'BEGIN { printf "%s\n" , "x" "y" ; print"a""b" }'
