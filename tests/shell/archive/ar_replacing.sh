printf 'one\n' >a; printf 'two2\n' >b; chmod 640 a; touch -d '2020-01-02 03:04:05' a b
ar -r t.a a b; echo $?; ls -l t.a | cut -d' ' -f1
ar -rc u.a a b; echo $?
ar -t u.a
ar -tv u.a
ar -p u.a; ar -pv u.a; ar -p u.a b
mkdir x; cd x; ar -x ../u.a; ls -l --full-time a b | cut -c1-10; stat -c '%Y' a | sed 's/1577934245/same/;s/[0-9]\{10\}/now/'
rm a b; ar -xo ../u.a; stat -c '%n %Y %a' a b; rm a b; ar -xv ../u.a; ar -xvo ../u.a b
cd ..; ar -rv u.a a; echo c >c; ar -rv u.a c b; ar -t u.a
ar -rcv v.a a; ar rv v.a b; ar -tvo v.a; ar -d u.a a; echo $?
printf 'one\n' >a; printf 'two2\n' >b; touch -d '2020-01-02 03:04:05' a b
