set -a; v=1; f() { w=2; }; f; set +a; u=3; sh -c 'echo "$v$w$u"'
