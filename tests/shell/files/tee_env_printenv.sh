printf 'a\nb\n' | tee f
cat f
echo c | tee -a f
cat f
echo x | tee f g
cat g
echo y | tee /nodir/f
echo $?
echo z | tee -i h
tee -x
echo $?
echo q | tee -
echo r | tee -a - f >/dev/null
cat f
env -i A=1 env
env -u HOME sh -c 'echo ${HOME-unset}'
env A=2 sh -c 'echo $A'
env -i
env nocmd
echo $?
env -0 -i B=1 | od -c | head -n1
printenv HOME
printenv NOVAR
echo $?
printenv HOME PATH | wc -l
env -
env - A=1
env --ignore-environment X=1
env --unset=PATH A=1 /bin/sh -c 'echo ${PATH-none}'
env -x
echo $?
env A=1 -i
echo $?
env -i -u A B=2
