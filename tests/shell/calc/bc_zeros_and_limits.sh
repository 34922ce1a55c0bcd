b() { echo "$1" | bc $2; echo "=$?"; }
b '0.0; 0.00+1; 1.50*0.0; 1.5-1.5; x=1.50-1.50; x+1; 0.0-1.250; -0.0; 7+0.0; scale(0.0); scale(1.5-1.5); length(0.00)'
b 'sqrt(10-0.0*.5); sqrt(0.00); scale=3; sqrt(0); scale(sqrt(0)); 0/3; 0^5; scale(0^5); 0^-1; 0.0^-2; 0^0; 5^0; 1.5^0; scale(1.5^0)'
b 'scale=5; (.5*7*100)-(.333333-1.%-1.25); 5%1.25; 0%3; scale(0%3); 0.001%.1'
b 'scale=2; 0.01^2; 0.01^5; 2^-3; 1.55^2; 1.5^1; 1.5^-1; 2^1.0; 2^1.50'
b '2^99999999999999999999999'
b 'a[-1]=2'; b 'a[-0.5]'; b 'a[12345678901234567890]'; b 'a[2147483648]'; b 'a[99999999999999999999999]=0^.001'; b 'a[1.9]=4; a[1]'
b 'ibase=17; 10; G'; b 'ibase=36; 10; FF'; b 'ibase=37'; b 'ibase=1'; b 'ibase=-3'; b 'ibase=A; ibase*=2; 11'; b 'ibase=1.9'
b 'obase=0'; b 'obase=-1'; b 'obase=1000'; b 'obase=999; 1000; 998.5'; b 'scale=-1'; b 'scale=1.9; scale'; b 'scale=4294967296'; b 'scale=99999999999999999999'
b 'obase=100; 0; 10.5; 1.0; .41; -0.005; 1-1.0; !3; 12345.678'; b 'obase=16; 1.0; 0.5; -1.00; 255.75; .0'; b 'obase=2; .1; 3.0; .75'; b 'obase=20; 10+0.10; 19.95'
b 'ibase=16; 0.0; .0; 0F; 1F.8; F; .F; 0.01; FF.FF'; b '0F; 00A; FF; 1F'; b 'ibase=2; 1.1; 9; 0.01; 101'
b 'print "a\qb\\c\e\ad\x\"'; b 'print "x\ty\rz\fq\b\n", 1.0, 0.0'; b '"a\nb"'
b limits; b 'if (0) 1 else limits'
b 'define void f(x) { x } 
f(3); f(4)'
b 'define void(x) { return x+1 }
void(3)'
b 'define f(a,b) { return (a+b) }
f(1)'; b 's(1,2)' -l; b 'f(1)'
