mkdir -p /www; echo hi > /www/a.txt; httpd -f -v -p 8080 -h /www & sleep 0.2
mk() { printf 'GET /a.txt HTTP/1.0\r\n'; i=0; L=$(head -c $2 /dev/zero | tr '\0' a); while [ $i -lt $1 ]; do printf "X$i: $L\r\n"; i=$((i+1)); done; printf '\r\n'; }
for a in "10 1000" "31 1000" "33 1000" "40 1000" "3 20000" "5 9000" "3 9000" "100 320" "1000 30"; do echo "== $a"; mk $a | nc 127.0.0.1 8080 | head -1; done
printf 'GET /%s HTTP/1.0\r\n\r\n' $(head -c 8000 /dev/zero | tr '\0' a) | nc 127.0.0.1 8080 | head -1
printf 'GET /%s HTTP/1.0\r\n\r\n' $(head -c 20000 /dev/zero | tr '\0' a) | nc 127.0.0.1 8080 | head -1
kill $!
