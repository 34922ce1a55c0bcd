x=a:b; IFS=:; set -- $x; unset IFS; echo $# $x; IFS=; echo $x
