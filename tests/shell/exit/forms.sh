(exit); echo $?; (exit 3); echo $?; (false; exit); echo $?; (exit 256); echo $?; (exit 257); echo $?; (exit abc); echo $?; exit 12; echo no
