for i in 1; do false; done; echo $?; for i in 1 2; do [ $i = 2 ]; done; echo $?; while true; do false; break; done; echo $?
