echo $? $# $-; false; echo $?; [ $$ = "$$" ] && echo same; echo "$!"
