sh -c 'kill -TERM $$; echo no'; echo $?; (kill -KILL $$ ) 2>/dev/null; echo no
