# System V objects: none at first, and then what a system's log keeps.
ipcs; ipcs -a | wc -l; ipcs -l; ipcs -u; ipcs -p; ipcs -t; ipcs -c
ipcs -m; ipcs -q -t; ipcs -s -c; ipcs -qml
ipcs -m -i 0; echo $?; ipcs -s -i 5; echo $?; ipcs -q -i -1; echo $?
ipcs -i 3 2>&1 | grep -c Usage; ipcs -m -i x; echo $?; ipcs -z 2>&1 | head -n 1
ipcrm; echo $?
ipcrm -m 0 -s 1 -q 2 -M 1 -S 0x10 -Q 010; echo $?
ipcrm -M 0; echo $?; ipcrm -m x; echo $?; ipcrm -M x; echo $?
ipcrm shm 0 x 99999999999; echo $?; ipcrm sem 3; echo $?; ipcrm msg 4; echo $?; ipcrm shm 2>&1 | grep -c Usage
ipcrm -m 2>&1 | head -n 1; ipcrm -x 2>&1 | head -n 1; ipcrm word 2>&1 | grep -c Usage; ipcrm -m 1 word 2>&1 | grep -c -e Usage -e invalid
syslogd -n -C20 & p=$!
sleep 0.3
ipcs; ipcs -u; ipcs -c
ipcs -p | sed "s/ $p / P /g"
ipcs -t | sed 's/... ... .. ..:..:.*/T/; s/... .. ..:..  .*/T/'
ipcs -m -i 0 | sed "s/=$p	/=P	/g; s/time=.* ..:..:.. .*/time=T/"
ipcs -s -i 0 | sed "s/ $p / P /g; s/time = .* ..:..:.. .*/time = T/"
ipcrm -m 1; echo $?
ipcrm -s 0; echo $?; ipcs -s
ipcrm -M 0x414e4547; echo $?; ipcs -m
kill $p; wait $p
ipcs
