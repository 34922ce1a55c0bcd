cat --f; echo $?
cat --foo x; echo $?
ls --zz; echo $?
head --b 3; echo $?
tail --; echo $?
grep --x y; echo $?
sort --r; echo $?
gzip --f; echo $?
