ulimit -n 20; exec 19>f; echo $?; exec 20>f; echo $?
