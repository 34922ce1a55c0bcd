for i in a b c; do echo $i; done; for i in; do echo no; done; for i in "a b" c; do echo "<$i>"; done; echo $i
