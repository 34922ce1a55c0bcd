a='eval "echo \$b"'; b=deep; eval $a; eval eval eval echo three
