a=b; b=c; eval "echo \$$a"; eval x=\$$a; echo $x
