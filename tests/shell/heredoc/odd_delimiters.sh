# A backquote in the delimiter quotes it; a comment is none; digits before another redirection belong to that.
try() { printf '%b' "$1" >f; sh f; echo $?; }
x=1
cat <<`a
$x `b
`a
cat <<$x
$x
$x
try 'cat <<# x\nhi\n#\n'
try 'cat <<2>&1\nx\n2\n'
try 'cat << 23<f\nx\n23\n'
try 'cat <<<'
try 'cat <<< ; echo\n'
try 'cat << | cat\n'
