echo a >&f1 2>&1; ls; echo b 2>&f2; echo $?; ls; echo c 3>&f3; echo $?
