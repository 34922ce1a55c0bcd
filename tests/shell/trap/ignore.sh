trap '' TERM; kill $$; echo alive; sh -c 'kill -TERM $$; echo child alive'; trap - TERM; sh -c 'kill -TERM $$; echo no'; echo $?
