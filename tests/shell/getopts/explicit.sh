while getopts xy: o -x -y v rest; do echo "$o $OPTARG"; done; echo $o $OPTIND
