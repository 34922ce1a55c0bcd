cat - <<E other 2>/dev/null
body
E
echo $?
