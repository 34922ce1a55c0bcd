t() { echo "--- $*"; "$@" 2>&1; echo "code $?"; }
t ip; t ip link show lo; t ip addr show dev nosuch; t ip bogus; t ip -s link; t ip rule
t ifconfig lo; t ifconfig nosuch; t netstat -x; t netstat -tlnp; t netstat -i; t hostname; t hostname -s; t hostname -I
t ipcalc -bnmp 10.1.2.3/24; t ipcalc 10.1.2.3; t ipcalc -n 10.1.2.3 255.255.0.0; t ipcalc x; t ipcalc -h 127.0.0.1; t ipcalc -p 1.2.3.4 255.255.255.128; t ipcalc -s -n x; t ipcalc -m 10.1.2.3; t ipcalc -bnm 192.168.1.5/30; t ipcalc
nc -l -p 2000 -s 127.0.0.1 & nc -u -l -p 2001 & sleep 0.1
t netstat -tln; t netstat -uln | grep -v 10.96; t netstat -tl; t netstat -tlW; kill $!; nc 127.0.0.1 2000 </dev/null
t telnet 127.0.0.1 9; t telnet; t traceroute
tcpsvd -E 127.0.0.1 600 cat & P=$!; sleep 0.1; echo hey | nc 127.0.0.1 600; kill $P; tcpsvd 0 x cat
