x=foobar; a=o; b=0; echo ${x//$a/$b} "${x/$a/"$b  $b"}" ${x/o*/${b}}
