type cd if sh nosuch f; echo $?; f() { :; }; type f; alias al=echo; type al; type export :
