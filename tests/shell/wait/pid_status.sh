(exit 3) & p=$!; (exit 4) & q=$!; wait $q; echo $?; wait $p; echo $?; wait $p; echo $?
