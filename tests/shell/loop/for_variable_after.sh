for i in 1 2 3; do :; done; echo $i; for x in a; do x=changed; done; echo $x
