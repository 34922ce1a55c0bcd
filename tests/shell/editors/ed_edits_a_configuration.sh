printf 'server {\n  listen 80;\n  root /www;\n}\n' > site.conf
ed site.conf <<'X'
/listen/s/80/8080/
/root/a
  index index.html;
.
1i
# managed
.
w
q
X
cat site.conf
