ulimit -f 1; sh -c 'printf "%01000d" 1 > f; echo $?; ls -l f | wc -l'; 
