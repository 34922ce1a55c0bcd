(while :; do sleep 0.1; echo x; done) & p=$!; sleep 0.35; kill -STOP $p; sleep 0.5; echo stopped; jobs; kill -TERM $p; sleep 0.2; jobs; kill -CONT $p; sleep 0.1; jobs; wait $p; echo $?
