rm -rf /www/*; mkdir -p /www/sub /www/cgi-bin /www/sd/x; echo hi > /www/a.txt; echo in > /www/sd/x/f
cat > /www/cgi-bin/env <<'E'
#!/bin/sh
echo Content-Type: text/plain
echo
env|sort
E
chmod +x /www/cgi-bin/env; 
printf '/sd:u:p\nD:*\nA:10.0.0.0/8\n' > /www/sd/httpd.conf
printf 'D:*\nA:10.\n' > /www/sub/httpd.conf; echo s > /www/sub/s.txt
cd /
httpd -f -vv -p 8080 -h /www &
sleep 0.2
req() { echo "--- $1" | head -1 | cut -c1-100; printf "$1" | nc 127.0.0.1 $P | cat -A; }
P=8080
req "PUT /cgi-bin/env HTTP/1.0\r\nRange: bytes=1-2\r\nAuthorization: Basic dXNlcjpwdw==\r\nIf-None-Match: x\r\nAccept-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"
req "DELETE /none HTTP/1.0\r\n\r\n" 
req "POST /none HTTP/1.0\r\n\r\n" 
req "POST /sub HTTP/1.0\r\n\r\n" 
req "GET /sd/x/f HTTP/1.0\r\n\r\n" 
req "GET /sub/s.txt HTTP/1.0\r\n\r\n" 
req "GET /a%%2f.txt HTTP/1.0\r\n\r\n" 
req "POST /a.txt HTTP/1.0\r\nContent-Length: zz\r\n\r\n" 
req "GET /a.txt HTTP/1.0\r\nContent-Length: zz\r\n\r\n" 
req "GET /a.txt HTTP/1.0\r\nRange: bytes=0-0,2-2\r\n\r\n" 
req "GET /a.txt HTTP/1.0\r\nRange: bytes=2-1\r\n\r\n" 
req "GET /a.txt HTTP/1.0\r\nRange: bytes=1-100\r\n\r\n" 
req "GET /a.txt HTTP/1.0\r\nRange: bytes=3-\r\n\r\n" 
req "GET /a.txt HTTP/1.0\r\nIf-None-Match: *\r\n\r\n" 
req "GET /cgi-bin/env%%20x HTTP/1.0\r\n\r\n" 
req "GET /x%%20y?a%%20b HTTP/1.0\r\n\r\n" 
req "GET /cgi-bin/env/a%%20b?c+d%%20e HTTP/1.0\r\n\r\n" 
req "GET /sub/none/ HTTP/1.0\r\n\r\n" 
req "GET /cgi-bin/env/.. HTTP/1.0\r\n\r\n" 
kill %1
httpd -f -h 2>&1 | head -2
