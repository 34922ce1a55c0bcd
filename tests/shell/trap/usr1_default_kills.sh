sh -c 'sleep 5 & kill -USR1 $$; echo no'; echo $?
