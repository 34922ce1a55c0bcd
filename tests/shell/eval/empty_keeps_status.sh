false; eval ''; echo $?; false; eval ' '; echo $?; false; eval; echo $?
