sleep 1 & a=$!; sleep 1 & b=$!; [ $a != $b ] && echo differ; kill $a; wait $a; echo $?; kill $b; wait $b; echo $?
