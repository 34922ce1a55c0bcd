: > nodir/f
echo not reached
