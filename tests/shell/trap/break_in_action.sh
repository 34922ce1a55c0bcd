trap 'break' USR1; for i in 1 2 3; do echo $i; kill -USR1 $$; done; echo out $i
