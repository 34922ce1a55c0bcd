cd /tmp
cat >greet <<'X'
#!/bin/sh
echo "hello $0 $#"
tty
stty size 2>/dev/null
printf 'a\tb\377c\n'
read a
echo "got <$a>"
stty -a | grep -o tab3
read b
echo "then <$b>"
X
chmod +x greet
printf 'Welcome to \\n on %%l \\m \\x\nsecond %%\n' >issue
telnetd -F -p 2323 -l /tmp/greet -f issue &
usleep 300000
talk() { # PORT TEXT...: what a server sends when these are typed, one each tenth of a second
    port=$1; shift
    { usleep 200000; for text; do printf "$text"; usleep 200000; done; usleep 200000; } | nc 127.0.0.1 $port | od -c -A n
    echo
}
talk 2323 'first\r\n' 'second\r\0'
talk 2323 'one\377\377x\r' '\377' '\361two\n'
talk 2323 '\377\372\037\0\132\0\050\377\360' '\377\366' '\377\374\001a\377\375\003b\r\n' 'c\n'
talk 2323 'x\003'
usleep 500000
talk 2323 ''
for n in 1 2 3; do { usleep 900000; printf "$n\r"; usleep 900000; printf 'bye\r'; usleep 500000; } | nc 127.0.0.1 2323 | grep -a got >got$n & done
wait %2 %3 %4
cat got?
kill %1; wait %1; echo $?
telnetd -F -p 2324 -b 127.0.0.1 -l /bin/nothing & usleep 300000
talk 2324 x
kill $!; wait $!
telnetd -p 2325 -K -l /bin/sh; echo $?
usleep 300000
talk 2325 'PS1=\r' 'sleep 100 &\r' 'exit\r'
killall telnetd sleep; usleep 100000
tcpsvd 127.0.0.1 2326 telnetd -i -l /tmp/greet & usleep 300000
talk 2326 'in\r' 'out\r'
kill %%; wait %%
telnetd -F -p 99999; echo $?
telnetd -F -p x; echo $?
telnetd -F -b nowhere.test -p 1; echo $?
tcpsvd 0 2327 true & usleep 200000
telnetd -F -p 2327; echo $?
kill $!; wait $!
telnetd -i -w 3 2>&1 | grep -c Usage
telnetd -w x; echo $?
telnetd -F -q 2>&1 | head -n 1
