echo 'abcdefghij klmno pqr' >f
fold -w 5 f
fold -s -w 8 f
fold -b -w 4 f
fold -7 f
echo $?
fold f
fold -w 0 f
echo $?
printf 'a\tb\tc\n' | fold -w 10
