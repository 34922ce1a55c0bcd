# What comes before an argument that prints, runs something or fails is out by then.
f() { awk "$1"; echo "=$?"; }
f 'function g(x) { print "in g"; return x } BEGIN { print "a", g(1), "b" }'
f 'BEGIN { print "before", system("echo between"), "after" }'
f 'BEGIN { print "one", 1 / 0 }'
f 'BEGIN { print "one", 1 % x }'
f 'BEGIN { print 1, nosuch(2), 3 }'
f 'BEGIN { if (0) nosuch(); print "not called" }'
f 'BEGIN { print "a"; print "b", $(-1) }'
f 'BEGIN {
print 1

print 2, $(x - 1) }'
f 'BEGIN { print "x", sin(1, 2) }'
f 'BEGIN { print "x" ~ "(", 1 }'
