rm -rf /www /tmp/dl; mkdir -p /tmp/dl /www/cgi-bin /www/sub; cd /tmp/dl; echo kiamol > /www/index.html; head -c 100000 /dev/zero > /www/big
B=http://127.0.0.1:8080
w() { cat > /www/cgi-bin/$1; chmod +x /www/cgi-bin/$1; }; w chunked <<"E"
#!/bin/sh
printf "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n7;x=y\r\n world\n\r\n0\r\n\r\n"
E

httpd -p 8080 -h /www; sleep 0.2
wget -q -O /dev/full $B/; echo $?
wget -q -O out $B/none; ls; rm -f *
wget -q -O out http://127.0.0.1:9/; ls; rm -f *
wget -q -O out $B/index.html; echo 1; wget -q -O out $B/sub/; cat out;ls; rm -f *
for s in 201 202 203 205 226 299 303 304 305 307 308 400 401 403 416 503 0 1000 abc; do printf "HTTP/1.1 $s Txt\r\nContent-Length: 1\r\n\r\nx" | nc -l -p 304 >/dev/null & sleep 0.05; wget -q -O - http://127.0.0.1:304/ ; echo " $s $?"; done
printf "HTTP/1.1 200 Txt\r\nTransfer-Encoding: Chunked\r\n\r\nzz\r\nx" | nc -l -p 305 >/dev/null & sleep 0.05; wget -q -O - http://127.0.0.1:305/ ; echo " $?"
printf "HTTP/1.1 200 Txt\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloworld\r\n0\r\n" | nc -l -p 306 >/dev/null & sleep 0.05; wget -q -O - http://127.0.0.1:306/ ; echo " $?"
printf "HTTP/1.1 200 Txt\r\nLocation: /x\r\nContent-Length: 1\r\n\r\nz" | nc -l -p 307 >/dev/null & sleep 0.05; wget -q -O - http://127.0.0.1:307/ ; echo " $?"
printf "HTTP/1.1 301 Txt\r\nLocation: //h/x\r\nContent-Length: 1\r\n\r\nz" | nc -l -p 308 >/dev/null & sleep 0.05; wget -O - http://127.0.0.1:308/ ; echo " $?"
printf "HTTP/1.1 200 OK\r\n folded: x\r\nContent-Length : 1\r\nLast:\r\n\r\nzabc" | nc -l -p 309 >/dev/null & sleep 0.05; wget -q -O - http://127.0.0.1:309/ ; echo " $?"
nc -l -p 310 -e sh -c 'printf "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"; sleep 0.3; exit' & sleep 0.05; wget -q -O - http://127.0.0.1:310/ ; echo " $?"
wget -q "http:///x"; echo $?; wget -q ""; echo $?; wget -q "http://"; echo $?
