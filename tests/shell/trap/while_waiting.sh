trap 'echo got' TERM; (sleep 0.2; kill -TERM $$; sleep 0.2; exit 4) & p=$!; wait $p; echo $?; wait $p; echo $?; wait $p; echo $?
