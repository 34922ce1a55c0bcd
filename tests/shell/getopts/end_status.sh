set --; getopts a o; echo $? $o; set -- x; getopts a o; echo $? $o $OPTIND
