sort -k0 /dev/null
echo $?
sort -kx /dev/null
echo $?
sort -t ab /dev/null
echo $?
sort nofile
echo $?
