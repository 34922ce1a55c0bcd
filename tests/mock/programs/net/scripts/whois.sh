# whois beside servers of a few words
cd /tmp
serve() { port=$1; shift; cat >s$port; tcpsvd -E 127.0.0.1 $port sh -c "read -r q; echo \"heard: \$q\" >>/tmp/heard; cat /tmp/s$port" & }
w() { echo "--- whois $*"; timeout 5 whois "$@"; echo "code $?"; tr -d '\r' <heard; rm -f heard; }
printf 'Domain: example.com\r\nWho: me\r\n' | serve 4300
printf 'no match\r\n' | serve 4301
printf 'domain name: X\nWhois Server: 127.0.0.1\nafter\n' | serve 4302
printf 'domain:\nwhois: \nwhois: other\n' | serve 4303
printf 'whois: 127.0.0.1\nDOMAIN: late\nWHOIS:  Localhost\nend' | serve 4304
printf 'domain: end\nof it' | serve 43
seq 1 20000 | serve 4305
printf '' | serve 4306
usleep 200000
w -h 127.0.0.1 -p 4300 example.com
w -h 127.0.0.1 -p 4300 a b
w -h 127.0.0.1 -p 4301 example.com
w -h localhost -p 4302 x
w -i -h localhost -p 4302 x
w -h 127.0.0.1 -p 4302 x
w -i -h 127.0.0.1 -p 4304 x
w -h 127.0.0.1 -p 4306 x
whois -h 127.0.0.1 -p 4305 x | tail -n 2
whois -h 127.0.0.1 -p 4305 x | wc
w -h 127.0.0.1 -p 4399 x
w -h nosuch.test x
w
w -p x y
w -h 127.0.0.1:4300 y
killall tcpsvd
