echo $LINENO
echo $LINENO; f() {
echo f $LINENO
}
f
eval 'echo $LINENO
echo $LINENO'
echo "$(echo $LINENO)"
