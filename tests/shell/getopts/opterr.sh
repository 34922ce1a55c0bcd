OPTERR=0; set -- -z; getopts a o; echo $? $o "[$OPTARG]"
