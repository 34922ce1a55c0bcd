for i in 1; do for j in 1; do false; break 2; done; done; echo $?
