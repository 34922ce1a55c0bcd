echo '1+2' | bc
echo 'scale=5; 10/3' | bc
echo '2^64' | bc
echo 'x=5; x*x' | bc
echo 'for(i=0;i<3;i++) i' | bc
echo 'if (1>2) 5 else 6' | bc
echo 'define f(x) { return x*2; } f(21)' | bc
echo 'ibase=16; FF' | bc
echo 'obase=2; 10' | bc
echo 'sqrt(2)' | bc
echo 'scale=10; sqrt(2)' | bc
echo '1/0' | bc
echo $?
echo '5%3; -5%3; 5/-2' | bc
echo 'scale=2; 5%3' | bc
echo '"hello"' | bc
echo 'print "a", 1, "\n"' | bc
echo 'a[1]=3; a[1]' | bc
echo 'length(12345); scale(1.234)' | bc
echo '10 > 5; 1 && 0; !1' | bc
echo '(1+2)*3' | bc
echo 's(1); c(1); a(1); l(2); e(1)' | bc -l
echo '3 +' | bc
echo $?
echo 'x' | bc
echo '2^100' | bc
echo '10^80' | bc
BC_LINE_LENGTH=0 bc <<X
10^80
X
echo 'quit' | bc
echo '1 # comment' | bc
echo '/* c */ 2' | bc
echo '.5+.5; 0.10; 1.0*2.0' | bc
echo 'scale=3; 1.23456*1; 1/3*3' | bc
echo 'last+1; 5; last*2' | bc
echo 'i=5; i++; ++i; i--; i' | bc
echo 'while(j<3){j=j+1;j}' | bc
echo 'x+=3; x-=1; x*=4; x/=2; x^=2; x%=5; x' | bc
echo 'define v(n) { auto i; i=n; return (i); } v(3)' | bc
echo 'obase=16; 255; 4096' | bc
echo 'obase=20; 399' | bc
echo 'scale=20; 4*a(1)' | bc -l
echo '1;2;3' >f
bc f </dev/null
bc -q f </dev/null
bc nofile
echo $?
echo 'halt' | bc
echo '-3^2; 2^-1; 2^3^2' | bc
echo 'scale=4; 2^-1; 7/2' | bc
echo '1==1; 1!=1; 2<=1' | bc
echo 'define f(x){if(x<=1) return 1; return x*f(x-1)} f(20)' | bc
echo 'break' | bc
echo 'read()' | bc
