set -- -a foo -b; getopts a 1x; echo "$? $OPTIND"; getopts a x; echo "$? $x $OPTIND"; readonly r; (getopts a r); echo $?
OPTIND=1; getopts ':a' o -:; echo "$o [$OPTARG]"; OPTIND=1; getopts 'a:' o -:; echo "$o [$OPTARG]"
