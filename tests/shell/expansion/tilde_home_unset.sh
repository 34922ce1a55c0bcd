unset HOME; echo ~ ~/x; cd ~ 2>&1; echo $?
