sleep 1 & p=$!; kill -STOP $p; kill -CONT $p; wait $p; echo $?
