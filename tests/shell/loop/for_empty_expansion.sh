x=; for i in $x; do echo no; done; echo $?; for i in "$x"; do echo "<$i>"; done; set --; for i; do echo no; done
