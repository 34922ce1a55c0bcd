sh -c 'echo first
echo second
if fi
echo third'; echo $?
