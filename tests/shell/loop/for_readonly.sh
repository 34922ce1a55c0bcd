readonly r=1; (for r in a; do echo no; done); echo $?
