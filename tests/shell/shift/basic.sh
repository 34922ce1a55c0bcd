set -- a b c; shift; echo $@; shift 2; echo $#; shift; echo $?; shift 0; echo $?; set -- a; shift 2; echo $? $#; shift x; echo no
