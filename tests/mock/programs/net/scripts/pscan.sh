cd /tmp
mkdir -p /etc; printf 'web\t80/tcp\tsite # x\n' >/etc/services
httpd -p 127.0.0.1:80 -h /tmp; nc -ll -p 6500 -e true 2>/dev/null & usleep 200000
pscan -p 78 -P 82 127.0.0.1; echo $?
pscan -c -p 78 -P 82 127.0.0.1; echo $?
pscan -b -p 78 -P 80 127.0.0.1; echo $?
pscan -cb -p 6499 -P 6501 localhost; echo $?
pscan -p 90 -P 80 127.0.0.1; echo $?
pscan -p 0 127.0.0.1; echo $?
pscan -p 1 -P 70000 127.0.0.1; echo $?
pscan -p x 127.0.0.1; echo $?
pscan; echo $?
pscan a b; echo $?
pscan 127.0.0.1; echo $?
killall nc httpd
