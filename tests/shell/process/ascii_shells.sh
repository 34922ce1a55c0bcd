ascii | head -n 5
ascii a
cat /etc/shells
add-shell /bin/foo
cat /etc/shells
add-shell /bin/bar /bin/foo
cat /etc/shells
remove-shell /bin/foo
cat /etc/shells
remove-shell /bin/none
echo $?
add-shell
echo $?
cat /etc/shells
remove-shell
echo $?
rm /etc/shells
