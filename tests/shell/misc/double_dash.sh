sh -c -- 'echo dd' x; sh -- script2 2>/dev/null; echo $?
