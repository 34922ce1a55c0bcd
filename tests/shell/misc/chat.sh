mkfifo up down
modem() { sh -c "$1" >down <up & }
t() { echo "--- $*"; chat "$@" <down >up; echo "= $?"; wait; }
modem 'dd bs=1 count=4 2>/dev/null | cat -A >log; printf "OK\r\n"; cat | cat -A >>log'
t '' ATZ OK 'ATD1\s2' ; cat log
modem 'printf "login: "; IFS= read -r -d "" x; echo "$x" | od -An -c >log'
t ogin: 'me\c'; cat log
modem 'printf "a"; cat | od -An -c >log'
t a 'tab\there\x41\101\N^A\\q\z\n'; cat log
modem 'printf "a"; cat | od -An -c >log'
t a '1\d2\p3\K4'; cat log
modem 'printf "NO CARRIER"; cat >/dev/null'
t ABORT BUSY ABORT 'NO CARRIER' OK x
modem 'printf "NO CARRIER"; cat >/dev/null'
t ABORT BUSY ABORT 'NO CARRIER' CLR_ABORT 'NO CARRIER' TIMEOUT 1 OK x
modem 'sleep 2; :'
t TIMEOUT 1 OK x
modem 'printf "no"; exit'
t OK x
modem 'printf "hello there"; cat >/dev/null'
t ECHO ON RECORD rec there 'x\c' 2>err; cat rec; echo; cat err; echo
modem 'printf "b"; cat | od -An -c >log'
t TIMEOUT 1 -- -a one -b two c three 2>&1; cat log
modem 'printf "a"; cat | od -An -c >log'
t TIMEOUT 1 -- -a one -b two '' three 2>&1; cat log
printf 'from a file\n' >cmd
modem 'printf "a"; cat | od -An -c >log'
t a '@ cmd'; cat log
modem 'printf "a"; cat >/dev/null'
t a @nofile
chat SAY hello; echo $?
chat; echo $?
chat -v -V -s -S -E SAY x; echo $?
chat ABORT >/dev/null 2>err; echo $?; grep -c Usage err
chat -q '' 2>/dev/null; echo $?
chat "$(head -c 1100 /dev/zero | tr '\0' x)" y </dev/null; echo $?
chat x </dev/null; echo $?
chat '' 'out' '' 'more\c' | od -An -c
chat RECORD nodir/x a; echo $?
sleep 5 | chat x & P=$!; usleep 200000; kill -TERM $(pidof chat); wait $P; echo $?
chat '\-x' y </dev/null; echo $?
