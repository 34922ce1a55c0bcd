IFS=,; x='a,b,'; set -- $x; echo $#; x='a,,b'; set -- $x; echo $# "[$2]"; x=','; set -- $x; echo $#
