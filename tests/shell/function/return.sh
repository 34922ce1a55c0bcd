f() { return 3; echo no; }; f; echo $?; g() { false; return; }; g; echo $?; h() { true; }; false; h; echo $?
