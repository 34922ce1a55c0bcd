# Where a name is wanted ash reads as far as an equals sign.
a=1; unset a=b; echo $? ${a-gone}
getopts a v=w -a; echo $? $v
try() { sh -c "$1"; echo $?; }
try 'unset ='
try 'unset 1=2'
try 'unset a-b=c'
try 'readonly r=1; unset r=2'
try 'getopts a = -a; echo $?'
try 'getopts a a-b=c -a; echo $?'
