t() { sed 's/@4[0-9a-f]\{23\}/@TAI/g'; }
mkdir a; printf '!tr a-z A-Z\nn3\n' >a/config
mkfifo f; svlogd -v a <f 2>>log & exec 4>f; usleep 200000
echo first >&4; usleep 200000; cat a/current
kill -ALRM $!; usleep 500000
t <log; ls a | t
cat a/@*
cat a/current
echo second >&4; usleep 100000; kill -ALRM $!; usleep 500000; cat a/@*
printf 'n1\n!echo "state $(cat <&4)"; cat; echo more >&5\n' >a/config
: >log
kill -HUP $!; usleep 200000; t <log
echo third >&4; usleep 100000; kill -ALRM $!; usleep 500000
echo fourth >&4; usleep 100000; kill -ALRM $!; usleep 500000
ls a | t; cat a/@* a/state; t <log
printf '!test -e ../ok && cat\n' >a/config; kill -HUP $!; usleep 200000; : >log
echo fifth >&4; usleep 100000; kill -ALRM $!; usleep 200000; touch ok; usleep 500000
t <log | sort -u; cat a/@*; ls a | t
printf half >&4; usleep 100000; : >log; kill -TERM $!; usleep 200000; t <log
exec 4>&-; wait $!; echo $?
t <log; cat a/current; stat -c %a a/current
# a current that was not closed is put aside
echo left >a/current; chmod 644 a/current; echo new | svlogd -v a 2>&1 | t; ls a | t; cat a/current
# rotated by age
mkdir b; echo t1 >b/config; (echo old; sleep 3; echo new) | svlogd -v b 2>&1 | t; cat b/@*; echo; cat b/current
