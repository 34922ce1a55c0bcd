f() { local OPTIND=1 o; while getopts a:b o; do echo "$o $OPTARG"; done; }; f -a 1 -b; f -b -a 2
