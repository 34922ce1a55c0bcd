t() { echo "--- $*"; "$@" 2>&1; echo "code $?"; }
t nslookup web
t nslookup web.default.svc.cluster.local
t nslookup web.default
t nslookup multi
t nslookup example.com
t nslookup nosuch
t nslookup nosuch.example
t nslookup cname.test
t nslookup fail.test
t nslookup refused.test
t nslookup empty.test
t nslookup 10.96.0.20
t nslookup 10.244.0.5
t nslookup 1.1.1.1
t nslookup ::1
t nslookup web.default.svc.cluster.local 10.96.0.10
t nslookup web.default.svc.cluster.local 10.96.0.10:53
t nslookup web 127.0.0.1
t nslookup web nosuchserver
t nslookup -type=a web.default.svc.cluster.local
t nslookup -type=srv _http._tcp.web.default.svc.cluster.local
t nslookup -type=mx example.com
t nslookup -type=txt example.com
t nslookup -type=ns example.com
t nslookup -type=soa example.com
t nslookup -type=any example.com
t nslookup -type=ptr 10.96.0.20
t nslookup -type=ptr 20.0.96.10.in-addr.arpa
t nslookup -type=bogus example.com
t nslookup -type=aaaa example.com
t nslookup -type=aaaa web
t nslookup -type=a -type=aaaa example.com
t nslookup -debug web
t nslookup
t nslookup a b c
t nslookup localhost
t nslookup web.
t nslookup only6.test
t nslookup web.default.svc.cluster.local.
t nslookup -type=cname cname.test

t nslookup -x y

