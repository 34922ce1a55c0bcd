arp -d 1.2.3.4; echo $?
arp -s 1.2.3.4 00:11:22:33:44:55; echo $?
arp -A x; echo $?
arp -p x; echo $?
arp -H x; echo $?
arp -i nodev | grep -c '^No match found in'
arp 1.2.3.4 | grep -c '^No match found in'
arp -an 1.2.3.4 | grep -c '^No match found in'
ifconfig -a nodev; echo $?
ifconfig | grep -c '^lo '
ifconfig -a | grep -c '^lo '
