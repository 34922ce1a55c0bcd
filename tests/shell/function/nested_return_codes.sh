a() { b; echo "a got $?"; return 1; }; b() { c || return 5; }; c() { return 3; }; a; echo $?
