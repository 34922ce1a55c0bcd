sleep 0.3 & p=$!; kill -STOP $p; sleep 0.5; kill -0 $p; echo $?; kill -CONT $p; wait $p; echo $?
