(sleep 2; exit 5) & (sleep 1; exit 6) & wait -n; echo $?; wait -n; echo $?; wait -n; echo $?
