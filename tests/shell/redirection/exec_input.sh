printf '1\n2\n' > f; exec < f; read a; read b; echo $a $b
