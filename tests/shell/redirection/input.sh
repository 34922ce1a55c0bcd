printf 'x\ny\n' > f; read a < f; echo $a; wc -l < f
