printf 12345 >s; : >e
od -N 0 nothere; echo $?
od -N 0 s nothere; echo $?
od -N 3 nothere s; echo $?
od -N 0 s e; od nothere e; echo $?
od -A q s; od -t x3 -A q s; od -A o -t x3 s; echo $?
od -w5 nothere; od -j 9 -w3 s
xxd -a s; xxd -p -a s; xxd -a nothere; echo $?
