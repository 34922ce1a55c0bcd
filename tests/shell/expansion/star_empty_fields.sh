set -- '' a '' b ''; for i in $*; do echo "<$i>"; done; IFS=:; for i in $*; do echo "[$i]"; done; echo "$*"
