trap 'echo line $LINENO' USR1
kill -USR1 $$
