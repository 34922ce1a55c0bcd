printf 'a\nb\nc\nd\na\nb\n' >h
awk 'function f(a, b) { return a "-" b } BEGIN { SUBSEP = ":"; print f((1, 2)); print f((1, 2), 3); print f(3, (1, 2)); print f((1, (2, 3))); x = (1, 2); print x }'
awk 'BEGIN { print substr(("abc", 2)); print index(("ab", "b")); print 3, (1, 2); print (1, 2), 3; printf("%s %s\n", ("x", "y")) }'
awk 'BEGIN { print length((1, 2)) }'; echo $?
awk '/a/,/b/,/c/' h; awk '/b/,/zz/,/c/ { print NR }' h; awk '/zz/,/a/,/b/' h
for branch in '1 ? i = 3 : 2' '1 ? 3 : i = 2' 'x = 1 ? y = 2 : 3' 'x = 1 ? 2 : y += 3' '1 ? (i = 3) : 4' '1 ? 0 ? 5 : 6 : 7' 'x = 0 ? 1 : (z = 4)'; do
  awk "BEGIN { $branch; print i, x, z }"; echo $?
done
for body in ';' '; ;' 'x = 1;' 'x = 1; ;' '{ x = 1 }' '{ x = 1 };'; do awk "BEGIN { if (0) $body else print 2 }"; echo $?; done
awk 'BEGIN { if (0)
;
else print 2
if (0) { }

else print 3 }'
awk 'BEGIN { if (0) x = 1
;
else print 2 }'; echo $?
awk 'function f() { next } BEGIN { f(); print "after" } { print } END { print "e" }' h
awk 'function f() { nextfile } BEGIN { print "x"; f() } BEGIN { print "b2" } END { f(); print "e" } END { print "e2" }' h
mkdir d; awk 'BEGIN { print getline; print getline x; print "z" }' d; echo $?
awk 'BEGIN { while ((getline l) > 0) print l; print "x" } { print "m", $0 }' d h; echo $?
awk 'BEGIN { m[2] = 1; y = 5; print 2 in m y; print (2 in m) y; print 2 in m + 1; x = 2 in m ~ 1; print x; x = 2 in m && 1; print x; x = 2 in m == 1; print x
print 2 in m ? "y" : "n"; m[0]; print 3 in m in m, !2 in m, 1 + 1 in m; print 2 in 3, y; print 2 in m $(y = 0), y; for (k in m) n++; print n }'
