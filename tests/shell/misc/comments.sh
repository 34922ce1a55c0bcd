# comment
echo a # trailing
echo b#c; # after semicolon
:#x
echo $?
