a='"x  y"'; eval echo $a; eval "echo $a"; b='$HOME'; eval echo $b
