x=; set -- $x a $x; echo $#; set -- "$x" a ''$x; echo $#; set -- $unset_v; echo $#
