echo 'f() { return 5; }; f; echo in $?; return 6' > l; . ./l; echo $?
