alias foo=bar
echo foo
foo 2>/dev/null; echo $?
