chrt -m
chrt -p $$
chrt -b 0 sh -c 'chrt -p $$; sh -c "chrt -p \$\$"; cut -d" " -f18,19,40,41 /proc/self/stat'
chrt -i 0 sh -c 'chrt -p $$; cut -d" " -f18,19,40,41 /proc/self/stat'
chrt -o 0 sh -c 'chrt -p $$'
chrt -o 1 true; echo $?
chrt -f 1 true; echo $?
chrt -r 1 true; echo $?
chrt 1 true; echo $?
chrt -f 100 true; echo $?
chrt -pb 0 $$; echo $?; chrt -p $$
chrt -po 0 $$; echo $?; chrt -p $$
chrt -pf 1 $$; echo $?; chrt -p $$
chrt -pr 1 $$; echo $?; chrt -p $$
chrt -pi 0 $$; echo $?; chrt -p $$
chrt -p 9999; echo $?
chrt -pb 0 9999; echo $?
chrt -p; echo $?
chrt; echo $?
chrt -b; echo $?
chrt -b 0; echo $?
chrt -b x true; echo $?
chrt -fb 0 true; echo $?
chrt -pb 0; echo $?
