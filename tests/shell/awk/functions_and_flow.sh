awk 'function f(a,i){a["x"]=1; i=5; return i*2} BEGIN{print f(arr), arr["x"], i; delete arr["x"]; print length(arr); arr[1]; arr[2]; delete arr; print length(arr)}'
awk 'function fact(n){return n<=1?1:n*fact(n-1)} BEGIN{print fact(10), fact(20), fact(25)}'
awk 'function g(x){x=5} BEGIN{y=1; g(y); print y; print h()} function h(){}'
awk 'BEGIN{a["x","y"]=1; for(k in a){split(k,p,SUBSEP); print p[1], p[2]}; if(("x","y") in a) print "in"; print ("z" in a); print length(SUBSEP)}'
awk 'BEGIN{for(i=0;i<5;i++){if(i==1)continue; if(i==3)break; print i}; do{print "d" j++}while(j<2); while(k<2)k++; print k; for(;;){if(++z>3)break}; print z; {print "block"}; ;if(0);else print "else"}'
printf '1\n2\n3\n4\n5\n' | awk 'NR==2,NR==4; /5/{print "five"} /1/,/2/{print "r" $0} NR==3{next} END{print NR}'
printf 'a\nb\n' | awk '!/a/; $0=="a" {print "A"} ; END{print $0}'
printf '1\n2\n' >f
awk 'FNR==1{nextfile} {print}' f f
awk 'BEGIN{srand(1); a=rand(); srand(1); b=rand(); print (a==b), (a>=0 && a<1); print srand(5), srand(); print int(3.9), int(-3.9), int("4abc"), sqrt(16), exp(0), log(1), sin(0), cos(0), atan2(0,-1); print and(12,10), or(12,10), xor(12,10), lshift(1,4), rshift(16,2), compl(0); print strftime("%Y-%m-%d",0), mktime("1970 01 02 00 00 00"), systime()>0; print substr("x",1,1) in a}'
