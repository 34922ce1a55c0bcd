sleep 0.1 | (sleep 0.2; exit 7) & wait $!; echo $?; true | false & wait $!; echo $?; wait %1; echo $?
