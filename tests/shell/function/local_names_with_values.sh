# Only a name without a value is looked at; what is no name fails when the function ends.
try() { printf '%s\n' "$1" >f; sh f; echo $?; }
try 'f() { local =; echo in; }; f; echo out'
try 'f() { local 1a=2; echo in; }; f; echo out'
try 'f() { local a-b=1 c=2; echo in $c; }; f; echo out'
try 'f() { local =5; echo in; set | grep 5; }; f; echo out'
try 'f() { local 1a; echo in; }; f; echo out'
try 'f() { local 1a=2; exit 3; }; f'
