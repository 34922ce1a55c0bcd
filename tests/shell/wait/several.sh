(exit 1) & a=$!; (exit 2) & b=$!; wait $a $b; echo $?; wait $a 4711; echo $?
