ls() { echo fls; }; ls; command ls /none 2>&1 | wc -l; unset -f ls; type ls
