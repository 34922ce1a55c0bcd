sh -c 'trap "echo bye" EXIT; kill -TERM $$; sleep 1'; echo $?
sh -c 'trap "echo bye" EXIT TERM; kill -TERM $$; echo go'; echo $?
