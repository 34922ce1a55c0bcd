LINENO=5; echo $LINENO; f() { local LINENO=7; echo $LINENO; }; f; echo $LINENO; unset LINENO; echo $LINENO; LINENO=9; echo $LINENO
