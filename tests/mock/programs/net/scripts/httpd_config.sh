rm -rf /www/*; mkdir -p /www/sub /www/cgi-bin /www/priv /www/err; echo kiamol >/www/index.html; echo hi > /www/a.txt; echo secret >/www/priv/s.txt; echo "custom 404" > /www/err/404.html; echo main > /www/main.html; echo x > /www/x.foo; echo php > /www/t.php; echo noperm > /www/np; chmod 000 /www/np
cd /www/cgi-bin
w() { cat > $1; chmod +x $1; }
w status <<'E'
#!/bin/sh
echo "Status: 418 I am a teapot"
echo "Content-Type: text/plain"
echo
echo body
E
w loc <<'E'
#!/bin/sh
echo "Location: http://example.com/"
echo
E
w raw <<'E'
#!/bin/sh
printf 'HTTP/1.0 202 Yes\r\nX: y\r\n\r\nraw'
E
w nohead <<'E'
#!/bin/sh
echo just text
E
w short <<'E'
#!/bin/sh
echo -n ab
E
w silent <<'E'
#!/bin/sh
exit 3
E
w err <<'E'
#!/bin/sh
echo oops >&2
echo "Content-type: a/b"
echo
echo done
E
w index.cgi <<'E'
#!/bin/sh
echo "Content-type: a/b"
echo
echo "index cgi"
E
echo plain > notexec
printf '#!/nope/sh\n' > badinterp; chmod +x badinterp
mkdir -p d
cd /
cat > /tmp/conf <<'E'
# comment
H:/www
I:main.html
E404:/www/err/404.html
.foo:application/x-foo
/priv:user:pw
/priv:md:$1$abcdefgh$Wbbig6dsAHO.4JLpcAuMO/
*.php:/bin/cat
A:127.0.0.1
P:/prox:http://127.0.0.1:8081/a
bogus line
E
httpd -f -vv -p 8080 -c /tmp/conf & 
httpd -f -v -p 127.0.0.1:8081 -h /www -r "My Realm" &
sleep 0.3
req() { echo "--- $1" | head -1; printf "$1" | nc 127.0.0.1 $P | cat -A; }
P=8080
req "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
req "GET /none HTTP/1.0\r\n\r\n"
req "GET /x.foo HTTP/1.0\r\n\r\n"
req "GET /priv/s.txt HTTP/1.0\r\n\r\n"
req "GET /priv/s.txt HTTP/1.0\r\nAuthorization: Basic dXNlcjpwdw==\r\n\r\n"
req "GET /priv/s.txt HTTP/1.0\r\nAuthorization: Basic dXNlcjp4eA==\r\n\r\n"
req "GET /t.php HTTP/1.0\r\n\r\n"
req "GET /prox/.txt HTTP/1.0\r\n\r\n"
P=8081
for c in status loc raw nohead short silent err notexec badinterp d ""; do req "GET /cgi-bin/$c HTTP/1.0\r\n\r\n"; done
req "HEAD /cgi-bin/status HTTP/1.0\r\n\r\n"
req "GET /np HTTP/1.0\r\n\r\n"
req "GET /priv HTTP/1.1\r\nHost: q\r\n\r\n"
req "GET /a.txt HTTP/1.0\r\nIf-None-Match: $E\r\n\r\n"
req "GET /a.txt HTTP/1.0\r\nIf-None-Match: \"zz\"\r\n\r\n"
req "GET /a.txt HTTP/1.0\r\nIf-Modified-Since: Mon, 23 Nov 2036 18:02:18 GMT\r\n\r\n"
req "OPTIONS / HTTP/1.0\r\n\r\n"
req "get / HTTP/1.0\r\n\r\n"
req "GET /a.txt?x=1#f HTTP/1.0\r\n\r\n"
req "GET http://me/a.txt HTTP/1.0\r\n\r\n"
req "GET //a.txt HTTP/1.0\r\n\r\n"
req "GET /sub/../a.txt HTTP/1.0\r\n\r\n"
req "GET /./a.txt HTTP/1.0\r\n\r\n"
req "GET /a.txt/ HTTP/1.0\r\n\r\n"
req "GET /a.txt HTTP/9.7\r\n\r\n"
req "GET /a.txt XXX\r\n\r\n"
req "GET  /a.txt HTTP/1.0\r\n\r\n"
req "GET /a.txt HTTP/1.0\n\n"
req "\r\n\r\n"
req "POST /cgi-bin/status HTTP/1.0\r\nContent-Length: x\r\n\r\n"
req "POST /cgi-bin/status HTTP/1.0\r\nContent-Length: -1\r\n\r\n"
kill %1 %2
