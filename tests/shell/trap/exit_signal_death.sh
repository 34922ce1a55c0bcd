sh -c 'trap "echo cleanup" EXIT; kill -TERM $$; echo no'; echo $?; sh -c 'trap "echo cleanup" EXIT; trap "exit 3" TERM; kill -TERM $$; echo no'; echo $?
