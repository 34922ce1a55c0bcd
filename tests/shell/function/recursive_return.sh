f() { [ $1 = 0 ] && return; echo $1; f $(($1-1)); echo back $1; }; f 3; f() ( x=sub; exit 5 ); f; echo $? $x; f() { exit 6; }; (f); echo $?; break; echo $?; continue; echo $?; return 3; echo no
