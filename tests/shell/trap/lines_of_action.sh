# All of an action counts as the line that the trap came in; functions keep the lines that they were read with.
f() {

echo $LINENO
nosuch
}
trap 'echo $LINENO
nosuch
f
g() {

echo $LINENO
nosuch
}
eval "nosuch
nosuch"
echo `nosuch
nosuch` $(
nosuch
)
. ./h' USR1
echo 'nosuch

echo $LINENO
nosuch' >h
kill -USR1 $$
g
. ./h
trap 'echo $LINENO
nosuch
(nosuch)' EXIT
trap 'nosuch
echo $LINENO' ERR
false

exit
