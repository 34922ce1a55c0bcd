trap 'false' USR1; true; kill -USR1 $$; echo $?; (exit 3); kill -USR1 $$; echo $?
