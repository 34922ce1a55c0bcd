mktemp -u aXXXXXX | wc -c
f=$(mktemp)
stat -c %a $f
d=$(mktemp -d)
stat -c '%a %F' $d
mktemp -p /tmp xXXXXXX | cut -c1-6
mktemp -t yXXXXXX | cut -c1-6
mktemp aXX
echo $?
mktemp -q /nodir/aXXXXXX
echo $?
mktemp /nodir/aXXXXXX
echo $?
TMPDIR=/work mktemp -t | cut -c1-10
mktemp -d -p /work zXXXXXX | cut -c1-7
mktemp a b
echo $?
