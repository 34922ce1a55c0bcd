! echo a; echo $?; ! ! true; echo $?
