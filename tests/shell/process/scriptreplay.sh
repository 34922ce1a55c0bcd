printf '0.1 6\n0.5 5\n1e-1 4\n' > timing; printf 'hello world end' > typescript
scriptreplay timing; echo " $?"
cp typescript other; scriptreplay timing other 100; echo " $?"
printf '0 100\n' > long; scriptreplay long other; echo " $?"
printf '0 2\n0 3 rest\n' > odd; scriptreplay odd other; echo " $?"
scriptreplay; echo $?; scriptreplay nosuch; echo $?; scriptreplay timing nosuch; echo $?
