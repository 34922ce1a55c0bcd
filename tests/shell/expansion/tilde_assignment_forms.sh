HOME=/h; a=~ b=~/x c=x~ d=~:~ e="~" f=a=~; echo $a $b $c $d $e $f; export g=~/y h=~:~; echo $g $h; local=~; echo $local
