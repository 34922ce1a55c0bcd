set -- 1 2 3; for i in "a $@ b"; do echo "<$i>"; done
