unset u; e=; echo "${u=d} $u ${e=d} $e ${e:=x} $e"
