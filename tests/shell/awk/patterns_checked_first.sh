# Regular expressions of the program are looked at before anything runs, and as they are read.
for p in '/[/]/' 'BEGIN { print 1; /(/ }' '/a{5,9}/' '/a{1/' '/a{2,1}/' '/a{x}/' '/*a/' 'BEGIN { print "a" ~ /[\0]/ }'; do awk "$p" </dev/null; echo "=$?"; done
printf 'aaaa\naaaaa\naaaaaaaaa\naaaaaaaaaa\n' | awk '/^a{5,9}$/'
printf 'BEGIN { print 1' >p; awk -f p; printf '{ print "x' >p; awk -f p </dev/null; printf 'BEGIN { x = 1' >p; awk -f p
printf 'BEGIN { printf "a" }' >p; printf 'END { print "b" }' >q; awk -f p -f q </dev/null
awk 'BEGIN { print 1 >= 2 }'; awk 'BEGIN { print (1 >= 2), 3 == 3 ? "y" : "n" }'
awk 'BEGIN { m[1] = 1 in m; m[2] = length(m); print m[1], m[2]; n["a"] = ("a" in n) ? "in" : "out"; print n["a"] }'
awk 'function f(a, a) { return a } BEGIN { print f(1) "|" f(1, 2) }'
awk 'BEGIN { $1e19 = 1 }'; awk 'BEGIN { $2147483647 = 1 }'; awk --help x 2>&1 | tail -n 3
