try() { printf '%s\n' "$1" >f; sh f; echo $?; }
try 'cat < >'
try 'cat < > g'
try 'echo > 2>&1'
try '{ echo; } > < f'
try 'echo >& >'
