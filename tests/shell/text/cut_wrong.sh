cut
echo $?
cut -f1 -c1 /dev/null
echo $?
cut -f0 /dev/null
echo $?
cut -fx /dev/null
echo $?
cut -d ab -f1 /dev/null
echo $?
cut -f3-1 /dev/null
echo $?
cut -c1 nofile
echo $?
cut -s -c1 /dev/null
echo $?
