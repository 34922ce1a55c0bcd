(LINENO=3; echo $LINENO); echo $LINENO; LINENO=4 eval 'echo $LINENO'; echo $LINENO; for LINENO in a b; do echo $LINENO; done; export LINENO; sh -c 'echo $LINENO'; readonly LINENO; echo $LINENO
