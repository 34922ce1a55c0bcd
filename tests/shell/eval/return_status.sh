eval "(exit 3)"; echo $?; eval 'true; (exit 4)'; echo $?; eval 'exit 5'; echo no
