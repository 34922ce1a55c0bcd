> a; 2> b; ls; < a; echo $?
