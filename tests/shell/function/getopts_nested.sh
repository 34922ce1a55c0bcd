outer() { while getopts x o; do echo outer $o; inner -y; done; }; inner() { local OPTIND; OPTIND=1; while getopts y o; do echo inner $o; done; }; outer -x -x
