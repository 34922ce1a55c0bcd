command . ./nosuch; echo $?; echo 'exit 4' >s; (. ./s; echo no); echo $?; echo 'for i in 1 2; do . ./b; echo $i; done' >l; echo 'break' >b; . ./l; echo; echo 'f() { return 2; echo no; }; f; echo after $?' >s; . ./s; mkdir d; . ./d; echo $?; echo 'echo $0 $LINENO' >s; . ./s; source ./s; . /dev/stdin <<E
echo in
E
.; echo $?; echo 'echo end' | . /dev/stdin
