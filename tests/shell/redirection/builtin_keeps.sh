x=1; x=2 : > f; echo $x; true > g; ls; read y < f; echo $?
