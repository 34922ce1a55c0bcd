f() { trap 'return 5' USR1; kill -USR1 $$; echo no; }; f; echo $?
