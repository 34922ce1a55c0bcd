alias b=2 a='x y' c="it's"; alias; unalias -a; alias; alias nosuch; echo $?; unalias nosuch; echo $?
