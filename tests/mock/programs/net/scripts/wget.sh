rm -rf /www /tmp/dl; mkdir -p /www/cgi-bin /www/sub /tmp/dl; echo kiamol > /www/index.html; head -c 100000 /dev/zero > /www/big
w() { cat > /www/cgi-bin/$1; chmod +x /www/cgi-bin/$1; }
w echo <<'E'
#!/bin/sh
echo "Content-type: text/plain"
echo
set | grep -E '^(HTTP_|REQUEST|CONTENT|QUERY)' | sort
cat
E
w redir <<'E'
#!/bin/sh
printf 'HTTP/1.1 302 Found\r\nLocation: /index.html\r\n\r\n'
E
w redirabs <<'E'
#!/bin/sh
printf 'HTTP/1.1 301 Moved\r\nLocation: http://localhost:8080/index.html\r\n\r\n'
E
w redirrel <<'E'
#!/bin/sh
printf 'HTTP/1.1 302 Moved\r\nLocation: echo?x\r\n\r\n'
E
w loop <<'E'
#!/bin/sh
printf 'HTTP/1.1 302 Moved\r\nLocation: /cgi-bin/loop\r\n\r\n'
E
w noloc <<'E'
#!/bin/sh
printf 'HTTP/1.1 302 Moved\r\n\r\nabc'
E
w chunked <<'E'
#!/bin/sh
printf 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n7;x=y\r\n world\n\r\n0\r\n\r\n'
E
w short <<'E'
#!/bin/sh
printf 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhello'
E
w long <<'E'
#!/bin/sh
printf 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhello'
E
w h204 <<'E'
#!/bin/sh
printf 'HTTP/1.1 204 No Content\r\n\r\n'
E
w h500 <<'E'
#!/bin/sh
printf 'HTTP/1.1 500 Oh No\r\nX: y\r\n\r\nbody'
E
w h100 <<'E'
#!/bin/sh
printf 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'
E
w junk <<'E'
#!/bin/sh
printf 'HTTP garbage\r\n\r\nok'
E
httpd -p 8080 -h /www; sleep 0.2; cd /tmp/dl
B=http://127.0.0.1:8080
t() { echo "--- wget $*"; wget "$@" 2>/tmp/err; echo "code $?"; tr '\r' '\n' < /tmp/err | grep -v '%'; ls /tmp/dl; rm -rf /tmp/dl/*; }
t -q -O - $B/
t -O - $B/
t $B/
t $B/big
t $B
t -q $B/none
t $B/none
t -q -O - localhost:8080
t -q -O - http://localhost:9999/
t -S -O - $B/
t -S $B/none
t --spider $B/
t --spider $B/none
t --spider -S $B/
t -O - $B/cgi-bin/echo
t -q -O - --header "X-A: b" --header "Host: me" --header "User-Agent: x" $B/cgi-bin/echo
t -q -O - -U agent $B/cgi-bin/echo?a=b
t -q -O - --post-data "a=1&b=2" $B/cgi-bin/echo
echo file data > /tmp/pf; t -q -O - --post-file /tmp/pf $B/cgi-bin/echo
t -q -O - --post-file /tmp/nofile $B/cgi-bin/echo
t -q -O - --post-data x --header "Content-Type: application/json" $B/cgi-bin/echo
t -O - $B/cgi-bin/redir
t -O - $B/cgi-bin/redirabs
t -q -O - $B/cgi-bin/redirrel
t $B/cgi-bin/redir
t -q -O - $B/cgi-bin/loop
t -q -O - $B/cgi-bin/noloc
t -q -O - $B/cgi-bin/chunked
t -q -O - $B/cgi-bin/short
t -O x $B/cgi-bin/short
t -q -O - $B/cgi-bin/long
t -O - $B/cgi-bin/h204
t -q -O - $B/cgi-bin/h500
t -q -O - $B/cgi-bin/h100
t -q -O - $B/cgi-bin/junk
t -q -P sub $B/index.html
t -P /tmp/dl/new/dir $B/index.html
t -q -O /no/dir/x $B/
t -q -O out $B/index.html $B/big
t $B/index.html $B/none $B/big
t -c $B/index.html
printf kia > index.html; t -c $B/index.html
echo old > index.html; t $B/index.html
t -o log $B/index.html; 
t -q -T 1 http://10.9.9.9/
t ftp://127.0.0.1/x
t gopher://x/
t 
t -x
t -q -O - user:pw@127.0.0.1:8080/cgi-bin/echo
t -q -O - http://u%20x:p@127.0.0.1:8080/cgi-bin/echo
t -q -O - "http://127.0.0.1:8080/cgi-bin/echo#frag"
t -q -O - "http://[::1]:8080/"
t -q -O - "http://127.0.0.1:abc/"
t "$B/cgi-bin/echo?x=y/z"
t -Y off -q -O - $B/
http_proxy=http://127.0.0.1:8080 t -Y off -q -O - http://nosuch.invalid./
