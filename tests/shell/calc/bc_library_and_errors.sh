echo 'scale=6; s(2); c(2); a(2); l(10); e(2); l(0); e(-1); s(-1); a(0.5); 4*a(1)' | bc -l
echo 'scale=30; e(1); l(2); s(10); c(100)' | bc -l
echo 'sqrt(-1)' | bc
echo $?
echo 'f(1)' | bc
echo $?
echo '2^0.5' | bc
echo $?
echo '1 +* 2' | bc
echo $?
echo '(1' | bc
echo $?
echo '@' | bc
echo $?
echo 'ibase=40' | bc
echo $?
echo 'length(0.001); length(0); length(100.50); scale(5)' | bc
echo 'abs(-3)' | bc
echo '1; quit; 2' | bc
echo 'a=1;b=2;a<b' | bc
echo '!0 && 1 || 0' | bc
echo '1.5^2; 1.1^10; 0.5^3' | bc
echo 'scale=3; 1.5^2; 1.1^10' | bc
echo '-7/2; -7%2; 7/-2' | bc
echo '100000000000000000000*3' | bc
echo '0.00' | bc
echo '.'
echo '5; .+1' | bc
echo 'print "x\ty\n", 1/3, "\n"' | bc
echo 'print 1,2' | bc
echo
echo '"a\nb"' | bc
echo
bc -x
echo $?
bc --help 2>&1 | sed 1d | head -n 3
echo '1+1 2+2' | bc
echo $?
echo 'obase=16;10;15.5;255.75' | bc
echo 'obase=2;scale=5;0.1' | bc
echo 'ibase=16;1F;FF.8' | bc
echo 'a=b=3;a;b' | bc
echo 'a+=2;a' | bc
echo '(a=5)' | bc
echo 'for(;;){if(++i>2)break};i' | bc
echo '7%0' | bc
echo $?
echo '3 > 2 > 1' | bc
echo '1e5' | bc
echo $?
printf '1+1' | bc
printf '2+2\n3+3' | bc
echo 'scale' | bc
echo 'scale' | bc -l
