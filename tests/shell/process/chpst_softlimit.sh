chpst -u root id -u
chpst -u 1:2 id
chpst -U root env | grep ID
mkdir e
echo v >e/V
chpst -e e sh -c 'echo $V'
chpst -o 10 sh -c 'ulimit -n'
chpst -0 sh -c 'read x; echo $?'
chpst -1 echo a
chpst -P sh -c 'echo ok'
chpst
echo $?
chpst -v -u root true
chpst nocmd
echo $?
chpst -u nouser id
echo $?
softlimit -o 12 sh -c 'ulimit -n'
softlimit
echo $?
softlimit -f 1000 sh -c 'ulimit -f'
softlimit -p 50 sh -c 'ulimit -u'
softlimit -t 5 true
softlimit -o x true
echo $?
chpst -m 100000000 sh -c 'ulimit -d'
chpst -x true
echo $?
chpst -f 512 sh -c 'echo hi >f'
chpst -2 echo b
chpst -/ / true
chpst -e nodir true
echo $?
chpst -b arg sh -c 'echo $0'
chpst -u :daemon id -g
envuidgid root true
