unset a; for i in ${a:-1 2 "3 4"}; do echo "<$i>"; done; for i in "${a:-1 2}"; do echo "<$i>"; done
