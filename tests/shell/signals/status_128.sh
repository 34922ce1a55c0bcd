for s in HUP INT QUIT TERM PIPE ALRM USR1 SEGV; do sh -c "kill -$s \$\$" ; echo $s $?; done
