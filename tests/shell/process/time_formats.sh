time -v true 2>&1 | sed '/resident set\|Minor\|context\|Percent\|Elapsed\|(seconds)/s/:[^:]*$/: N/'
time -f 'a%%b%q%C|%x|%Z|%k %s %r %W %X %D %p %K %t %F %I\q\t\\n|\n|' sh -c 'exit 3'; echo $?
time -f 'x%' true; echo .
time -f 'x\' true; echo .
export TIME='env %x'
time false; echo $?
time -f 'f %x' true
time -p -f %x true 2>&1 | cut -d' ' -f1
time -v -f %x true 2>&1 | wc -l
time -v -p true 2>&1 | wc -l
time -f '' true
TIME= time true
time -a -o o -f %x true; time -ao o -f %C echo hi; cat o; time -o o false; cat o; rm o
time -f '%x %C' sh -c 'kill -9 $$'; echo $?
time nonesuch; echo $?
time -f '%M %R %w' true 2>&1 | grep -c '^[1-9][0-9]* [1-9][0-9]* [0-9]*$'
