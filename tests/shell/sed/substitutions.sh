echo 'hello world' >f
sed 's/o/0/2' f
sed 's/o/0/g' f
sed 's/O/0/I' f
sed 's/o/0/2g' f
sed -n 's/o/0/p' f
sed 's/\(h\)\(e\)/\2\1/' f
sed -E 's/(h)(e)/\2\1/' f
sed -r 's/l+/[&]/' f
sed 's/l/\&/' f
sed 's|/|x|; s,h,/,' f
sed 's/ /\n/' f
sed 's/ /\t/' f
sed 's/h/a\/b/' f
sed 's/w.*/X/w out' f
cat out
sed 's/\bw/W/' f
sed 's/[[:space:]]/_/' f
sed 's/x*/-/g' f
sed 's/$/!/' f
sed 's/^/>/' f
sed 's/o\|e/X/g' f
sed 's/\(l\)\1/LL/' f
sed 's/h/\
/' f
sed '/hello/s//bye/' f
sed 's/l/L/3' f
sed 's/./\U&/' f
sed 's/h/A/;ta;s/e/E/;:a;s/w/W/' f
sed 's/h/x/e' f
echo $?
sed 's/h/A/m' f
sed -n '/HELLO/Ip' f
sed 's/[/]/x/' f
sed 's/[^a-z]/X/' f
sed 's/h\?e\+/X/' f
sed 's/\w\+/W/g' f
sed 's/a\{0,1\}h/X/' f
sed 's/l\{2\}/X/' f
sed 's/\x68/X/' f
sed 's/h/\x41/' f
sed 's/[\n]/X/' f
sed 's/\./X/' f
echo 'a.b' | sed 's/\./\\./'
echo 'a/b' | sed 's:/:\::'
echo aXb | sed 'sXXYX'
echo 'a&b' | sed 's/&/and/'
echo abc | sed 's/b/[&&]/'
