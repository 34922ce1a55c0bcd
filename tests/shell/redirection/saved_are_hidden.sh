sh -c 'echo one >&10' 2>/dev/null; echo $?; { sh -c 'echo x >&10'; } 2>/dev/null >/dev/null; echo $?; f() { sh -c 'ls /proc/self/fd' ; } ; f >out 2>&1; cat out; echo hi | { cat; ls /proc/self/fd; }; : $(ls /proc/self/fd >o2); cat o2; while read x; do ls /proc/self/fd; break; done <<E
1
E
