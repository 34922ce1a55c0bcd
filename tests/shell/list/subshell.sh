x=1; (x=2; echo $x); echo $x; (cd /; pwd); pwd; (exit 7); echo $?
