sh -c '> f { echo a; }'; echo $?; sh -c '>f if true; then echo; fi'; echo $?
