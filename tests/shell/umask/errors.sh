umask 999; echo $?; umask z; echo $?; umask u+q; echo $?; umask 7777; echo $?
