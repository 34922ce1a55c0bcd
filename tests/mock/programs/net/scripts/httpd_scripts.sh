rm -rf /www/*; mkdir -p /www/sub /www/cgi-bin; echo hi > /www/a.txt
cd /www
w() { cat > /www/cgi-bin/$1; chmod +x /www/cgi-bin/$1; }
w twoshort <<'E'
#!/bin/sh
printf 'St'; sleep 1; printf 'atus: 500 No\r\n\r\nx'
E
w slow <<'E'
#!/bin/sh
printf 'Content-type: a/b\n\n1'; sleep 1; echo 2; sleep 1; exit 7
E
w rdhalf <<'E'
#!/bin/sh
read x; printf 'Content-type: a/b\n\n%s' "$x"
E
w status2 <<'E'
#!/bin/sh
printf 'Content-type: a/b\nStatus: 201 Created\n\nx'
E
w http2 <<'E'
#!/bin/sh
printf 'HTTPx\n\nx'
E
w big <<'E'
#!/bin/sh
printf 'Content-type: a/b\n\n'; head -c 300000 /dev/zero
E
(while :; do echo; sleep 1; done) >/dev/null &
httpd -f -v -p 8080 -h /www  &
sleep 0.2
P=8080
req() { echo "--- $1" | head -1 | cut -c1-100; printf "$1" | nc 127.0.0.1 $P | cat -A; }
for c in twoshort slow rdhalf status2 http2; do req "GET /cgi-bin/$c HTTP/1.0\r\n\r\n"; done
req "POST /cgi-bin/rdhalf HTTP/1.0\r\nContent-Length: 20\r\n\r\nline\nmore"
printf "GET /cgi-bin/big HTTP/1.0\r\n\r\n" | nc 127.0.0.1 8080 | wc -c
printf "GET /cgi-bin/big HTTP/1.0\r\n\r\n" | nc 127.0.0.1 8080 | head -1
kill -HUP %2; sleep 0.1; req "GET /a.txt HTTP/1.0\r\n\r\n"
kill %2
httpd -p 8082 -h /www; sleep 0.1; true
echo -n 'GET /a.txt HTTP/1.0

' | httpd -i -h /www
echo "code $?"
for e in cc cpp jpeg gif wav avi qt mov mpe mpeg mid midi html; do echo > /www/sub/f.$e; printf "$e: "; printf "GET /sub/f.$e HTTP/1.0\r\n\r\n" | nc 127.0.0.1 8082 2>&1 | grep -i content-type; done
