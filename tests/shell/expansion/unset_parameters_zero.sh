unset x; echo "${x}" ${x} "$x"$x; y="${x}z"; echo $y
