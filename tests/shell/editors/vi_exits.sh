printf ':q\r' | vi nosuch > /dev/null; echo $?; ls
printf 'ix\033:w\r:q\r' | EXINIT='set ai' vi made > /dev/null; echo $?; cat made
printf 'ix\033\033ZZ' | vi made2 > /dev/null; echo $?; cat made2
mkdir d; printf ':q!\r' | vi d > out; echo $?; grep -c 'not a regular file' out
