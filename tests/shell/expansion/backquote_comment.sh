echo `echo a # comment`
echo b`#`c
