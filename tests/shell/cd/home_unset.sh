unset HOME; cd; echo $? $PWD
