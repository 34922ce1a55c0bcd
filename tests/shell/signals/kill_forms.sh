sleep 10 & p=$!; kill -0 $p && echo exists; kill -s TERM $p; wait $p; echo $?; kill -0 $p 2>/dev/null; echo $?
