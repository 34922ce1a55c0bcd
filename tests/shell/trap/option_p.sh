trap -p; trap 'x' INT; trap -p; trap -p INT; trap -p QUIT; trap -l; echo $?
