mkfifo a b; (while read x; do echo "re $x"; done < a > b) & exec 3> a 4< b; echo q >&3; read r <&4; echo $r; exec 3>&- 4<&-; wait
