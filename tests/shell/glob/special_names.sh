cd /tmp; touch -- -n '-e' 'a b' 'c
d'; for i in *; do echo "<$i>"; done
