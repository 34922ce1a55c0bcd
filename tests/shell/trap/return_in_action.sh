trap 'return 5' USR1; f() { kill -USR1 $$; echo no; return 1; }; f; echo $?
