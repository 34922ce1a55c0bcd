unset a; echo ${a:-$(echo sub)} ${a:=`echo back`} $a
