# https: what wget prints beside the TLS servers of peers.py
mkdir -p /www /tmp/dl; echo plain > /www/plain; httpd -p 8080 -h /www; cd /tmp/dl
t() { echo "--- wget $*"; wget "$@" 2>/tmp/err </dev/null; echo "code $?"; tr '\r' '\n' </tmp/err | grep -v '%'; ls /tmp/dl; rm -rf /tmp/dl/*; }
t -O - https://tls.test/
t -q -O - https://tls.test/a/b?c
t -q --no-check-certificate -O - --header "Authorization: Bearer x" https://tls.test:4443/
t -q -O - https://10.244.0.9/
t -q -O - --post-data '{"a": 1}' --header 'Content-Type: application/json' https://tls.test/p
printf 'from a file' >/tmp/f; t -q -O - --post-file /tmp/f https://tls.test/p
t https://tls.test:4430/page
t -S https://tls.test:4430/page
t -S -O - https://tls.test:4430/a https://tls.test:4430/b
t --spider https://tls.test:4430/page
t -q -O - https://user:pw@tls.test/
t -O - https://tls.test:4431/
t -S -O - https://tls.test:4432/
t -O - https://tls.test:4433/
t -O - https://tls.test:4434/
t -q -O - https://tls.test:4435/
t -O - https://tls.test:4436/
t -O - https://tls.test:4437/
t -O - https://tls.test:4438/
t -O - https://tls.test:4439/
t -O - https://tls.test:4440/
t -O - https://tls.test:4441/
t -O - https://tls.test:4442/
t -q -O - https://tls.test:4444/
t -q -O big https://tls.test:4445/; wget -q -O - https://tls.test:4445/ 2>/dev/null | md5sum
t -O - https://tls.test:4446/
t -O - https://tls.test:4447/
t -O - https://tls.test:4448/
t -O - https://tls.test:4449/
t -O - https://tls.test:4450/
t -O - https://tls.test:4499/
t -O - https://nosuch.test/
printf abc >part; wget -c -O part https://tls.test:4430/ 2>&1 | grep -v %; cat part; rm part; echo
echo "=== proxies"
req() {
  printf 'HTTP/1.0 200 OK\r\n\r\nproxied\n' | nc -l -p 300 >/tmp/got & sleep 0.1
  echo "--- $*"; wget -q -O - "$@"; wait $!; cat -A /tmp/got
}
export http_proxy=http://127.0.0.1:300
req https://tls.test/x
req --post-data y https://tls.test/x
req --post-data y http://tls.test/x
wget -q -O - ftp://tls.test/x
ftp_proxy=http://127.0.0.1:300 req ftp://tls.test/x
https_proxy=http://127.0.0.1:1 req https://tls.test/x
http_proxy=http://u:p@127.0.0.1:300 req https://a:b@tls.test/x
t -Y off -q -O - https://tls.test:4430/
t -Y 0 -q -O - https://tls.test:4430/
http_proxy= t -q -O - https://tls.test:4430/
http_proxy=https://tls.test:4430 t -O - http://nowhere.test/
killall httpd
