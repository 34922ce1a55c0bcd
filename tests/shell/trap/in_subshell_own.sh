trap 'echo parent' USR1; (trap 'echo child' USR1; kill -USR1 $(sh -c 'echo $PPID'); echo s); kill -USR1 $$; echo e
