uniq -f x /dev/null
echo $?
uniq nofile
echo $?
