f() { local x=1; readonly x; x=2; echo no; }; (f); echo $?; x=3; echo $x
