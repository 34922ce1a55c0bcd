b() { echo "$1" | bc $2 2>&1; echo "=$?"; }
b 'define f(x) { auto y; y=x*2; return (y) } f(3); y'; b 'define f(x) { return 1/1 } f(FF)'; b 'define void f(x) { x } f(2.50)'; b 'define f(a[]) { a[0]=5; return (a[0]) } f(b[]); b[0]'
b '1=2'; b '1 2'; b '(1)=2'; b 'x 1'; b '"a" 1'; b 'print 1 2'; b 'print "a" "b"'; b 'x=1 y=2'; b '1++'; b '++1'; b 'f(1)++'
b 'auto x'; b 'x=auto'; b '{1'; b '{1}2'; b '{1 2}'; b '1;;2'; b '(1'; b '(1 2)'; b 'a[1'; b 'sqrt 4'; b 'sqrt(4'; b 'length(1,2)'; b 'if 1'; b 'if (1'; b 'for (1'; b 'for (1;2'
b 'define f(x) 1'; b 'define f(x) { auto 1 }'; b '1)'; b '1}'; b 'else'; b '1 + # x'; b '1 * /* c */ )'
b '1
2 )  # here
3'
b '1 */ 2; 3'; b '1 ** 2
3'; b '(1 + ) 2'; b '1 - - 2'; b '1 + else'; b 'define f(x,) { }'; b 'define f(x y) { }'; b 'define f(1) { }'; b 'define f(x[1]) { }'; b 'define f(x) { auto y, }'; b 'define f(x) { auto y z; }'
b 'define f() { return }
f()'; b 'define f(x) { 1 2 }'; b 'if (1) { 2 3 }'; b 'a[1;2'; b '1 + (2'; b 'x++ = 3'; b '1 "a"'; b 'define f(x) { return (x) } 
f(1) f(2)'; b 'G; 1G; ZZ'; b 'i[i++]=i; i; i[0]'; b 'a[2]+=3; a[2]++; ++a[2]; a[2]--; a[2]'
