ionice
ionice -c 2 -n 3 ionice
ionice -c 3 ionice
ionice -c 1 -n 2 ionice; echo $?
ionice -n 5 ionice
ionice -c 3 sh -c 'sh -c ionice'
ionice -c 2 -n 6 -p $$; ionice -p $$; ionice $$
ionice -c 9 true; echo $?
ionice -c 0 ionice
ionice -c 0 -n 4 ionice; echo $?
ionice -c 3 -n 4 ionice; echo $?
ionice -p 9999; echo $?
ionice -c 3 -p 9999; echo $?
ionice -n 3 -p $$; ionice -p $$
nice -n 10 ionice
nice -n 10 ionice -c 2 ionice
