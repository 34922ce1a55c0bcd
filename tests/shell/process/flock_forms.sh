flock f echo hi
echo $?
flock -n f echo n
flock -s f true
flock f -c 'echo sh'
flock f nocmd
echo $?
flock
echo $?
flock 9
echo $?
exec 9>lock
flock 9
echo $?
flock -u 9
flock -x 9
(flock -n 9; echo child $?)
flock -n lock echo no
echo $?
flock -u 9
flock -n lock echo yes
flock -sn 9
flock -sn lock echo shared
flock -n lock echo exclusive
echo $?
flock /nodir/x true
echo $?
mkdir d
flock d echo dir
(flock 8; sleep 1; echo first) 8>q & sleep 0.2
flock q echo second
wait
flock f sh -c 'exit 7'
echo $?
flock -z f true
echo $?
flock -c f
echo $?
flock f -c
echo $?
flock x9 true
flock -n 77
echo $?
