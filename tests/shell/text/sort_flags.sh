printf 'b 2\na 10\nB 1\na 9\n' >f
sort f
echo --
sort -f f
echo --
sort -r f
echo --
sort -u f
echo --
sort -k2 f
echo --
sort -k2n f
echo --
sort -k2,2nr f
sort -n -k 2 f
