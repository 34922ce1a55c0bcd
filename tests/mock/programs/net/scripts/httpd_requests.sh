rm -rf /www/*; mkdir -p /www/sub /www/cgi-bin/d /www/priv ; echo hi > /www/a.txt;
cat > /www/cgi-bin/env <<'E'
#!/bin/sh
echo Content-Type: text/plain
echo
env|sort
echo stdin:
cat
E
chmod +x /www/cgi-bin/env; cp /www/cgi-bin/env /www/cgi-bin/d/
cd /www
echo '/cgi-bin:user:pw' > httpd.conf
httpd -f -v -p 8080 -h . &
sleep 0.2
req() { echo "--- $1" | head -1 | cut -c1-100; printf "$1" | nc 127.0.0.1 $P | cat -A; }
P=8080
req "GET /cgi-bin/env HTTP/1.0\r\nAuthorization: Basic dXNlcjpwdw==\r\nconnection: keep-alive\r\nX_y-Z.a: 1\r\nX_y-Z.a: 2\r\nNoColon\r\nEmpty:\r\nSp  : val  \r\n\r\n"
req "POST /cgi-bin/d/env/x/y?q HTTP/1.0\r\nAuthorization: Basic dXNlcjpwdw==\r\nContent-Length: 3\r\n\r\nabcdef"
req "GET /httpd.conf HTTP/1.0\r\n\r\n" 
L=$(head -c 1100 /dev/zero | tr '\0' a)
req "GET /$L HTTP/1.0\r\n\r\n" 
L=$(head -c 9000 /dev/zero | tr '\0' a)
req "GET /$L HTTP/1.0\r\n\r\n" 
req "GET /a.txt HTTP/1.0\r\nX: $L\r\n\r\n" 
L=$(head -c 33000 /dev/zero | tr '\0' a)
req "GET /a.txt HTTP/1.0\r\nX: $L\r\n\r\n" 
req "GET /a.txt"
req ""
req "GET /a.txt HTTP/1.0\r\n"
req "GET /sub?x=y HTTP/1.0\r\n\r\n"
req "GET /sub?x=y HTTP/1.0\r\nHost: h\r\n\r\n"
req "GET /cgi-bin HTTP/1.0\r\n\r\n"
req "GET ? HTTP/1.0\r\n\r\n"
req "GET /a.txt HTTP/1.0\r\nRange: bytes=1-1\r\n\r\n"
kill %1
cd /tmp; httpd -v -f -p 8081 -h /www/sub &
sleep 0.1; for e in htm css js png JPG tar svg json wasm mp3 ico xml csv md TXT jar c h pdf gz ; do echo > /www/sub/f.$e; printf "$e: "; printf "GET /f.$e HTTP/1.0\r\n\r\n" | nc 127.0.0.1 8081 2>&1 | grep -i content-type; done
