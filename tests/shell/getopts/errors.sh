set -- -x -a; while getopts a o; do echo "$o [$OPTARG]"; done; set -- -b; OPTIND=1; getopts b: o; echo $? $o
