x=1 if true 2>/dev/null; echo $?
