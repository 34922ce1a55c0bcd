try() { printf '%s\n' "$1" >f; sh f; echo $?; }
try "echo \$((\$'"
try "echo \$((\$'1'+1)); echo a"
try "echo \$((\$'1+1)); echo 'a\\tb'"
try "echo \"\$((\$'x))'y\""
