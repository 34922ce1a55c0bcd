false > f; echo $?; ls f
