rm -rf /www /tmp/dl; mkdir -p /tmp/dl /www/cgi-bin /www/sub; cd /tmp/dl; echo kiamol > /www/index.html; head -c 100000 /dev/zero > /www/big
B=http://127.0.0.1:8080
w() { cat > /www/cgi-bin/$1; chmod +x /www/cgi-bin/$1; }; w chunked <<"E"
#!/bin/sh
printf "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n7;x=y\r\n world\n\r\n0\r\n\r\n"
E

httpd -p 8080 -h /www; sleep 0.2
echo "=== raw progress"; wget -O - $B/ 2>&1 | cat -A
wget $B/big 2>&1 | cat -A
wget -O - $B/cgi-bin/chunked 2>&1 | cat -A
wget -O - $B/cgi-bin/noloc 2>&1 | cat -A
wget -O /dev/null $B/cgi-bin/short 2>&1 | cat -A
echo -n > /www/empty; wget -O - $B/empty 2>&1 | cat -A
head -c 1000 /dev/zero > /www/mid;  wget -O - $B/mid 2>&1 >/dev/null| cat -A
echo "=== timeouts"
echo "=== requests"
req() { printf 'HTTP/1.0 200 OK\r\n\r\n' | nc -l -p 300 | cat -A & sleep 0.1; wget -q -O - "$@"; wait $!; sleep 0.1; }
req http://127.0.0.1:300/a?b
req -c -O y --header "A: b" --header "host: q" http://u:p@127.0.0.1:300
printf abc > y; req -c -O y --header "A: b" http://127.0.0.1:300/y
req --post-data "x y" -U ua http://127.0.0.1:300/p
http_proxy= req http://localhost:300/%20a
echo "=== eof"; nc -l -p 301 </dev/null -e true & sleep 0.1; wget -O - http://127.0.0.1:301/; echo "c $?"
nc -l -p 302 -e echo "HTTP/1.0 200 OK" & sleep 0.1; wget -O - http://127.0.0.1:302/; echo "c $?"
nc -l -p 303 -e echo hello & sleep 0.1; wget -O - http://127.0.0.1:303/; echo "c $?"
printf 'HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 7\n\nkiamol\n' | nc -l -p 304 >/dev/null & sleep 0.1; wget -O - http://127.0.0.1:304/ 2>&1 | cat -A; echo "c $?"
printf 'ICY 200 OK\n\nkiamol\n' | nc -l -p 305 >/dev/null & sleep 0.1; wget -q -O - http://127.0.0.1:305/ 2>&1 | cat -A; echo "c $?"
printf 'HTTP/1.1 200\n\nkiamol\n' | nc -l -p 306 >/dev/null & sleep 0.1; wget -q -O - http://127.0.0.1:306/ 2>&1 | cat -A; echo "c $?"
printf 'HTTP/1.1 401 Unauthorized\r\nX: y\r\n\r\n' | nc -l -p 307 >/dev/null & sleep 0.1; wget -S -O - http://127.0.0.1:307/ 2>&1 | cat -A; echo "c $?"
printf 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n' | nc -l -p 308 >/dev/null & sleep 0.1; wget -O - http://127.0.0.1:308/ 2>&1 | cat -A; echo "c $?"
printf 'HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n' | nc -l -p 309 >/dev/null & sleep 0.1; wget -O - http://127.0.0.1:309/ 2>&1 | cat -A; echo "c $?"
printf 'HTTP/1.1 200 OK\r\nNo colon\r\n\r\nx' | nc -l -p 310 >/dev/null & sleep 0.1; wget -O - http://127.0.0.1:310/ 2>&1 | cat -A; echo "c $?"
printf 'HTTP/1.1 302 OK\r\nLocation: ftp://127.0.0.1:9/x\r\n\r\nx' | nc -l -p 311 >/dev/null & sleep 0.1; wget -O - http://127.0.0.1:311/ 2>&1 | cat -A; echo "c $?"
printf 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel' | nc -l -p 312 >/dev/null & sleep 0.1; wget -q -O - http://127.0.0.1:312/ 2>&1 | cat -A; echo "c $?"
printf 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n' | nc -l -p 313 >/dev/null & sleep 0.1; wget -q -O - http://127.0.0.1:313/ 2>&1 | cat -A; echo "c $?"
